"""The Web API methods the bot calls, with Slack's answers and errors."""
