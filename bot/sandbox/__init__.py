"""The sandbox: a local stand-in for a Slack workspace, to try and test the unchanged bot. It is not Slack."""
