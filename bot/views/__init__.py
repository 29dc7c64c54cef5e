"""How things look in Slack: pure functions from typed values to Slack's models, with the parser of each form beside the form."""
