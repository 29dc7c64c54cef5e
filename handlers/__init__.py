"""What people do in Slack: listeners that receive, ask the desk one thing, and answer with a view."""
