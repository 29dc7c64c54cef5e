"""What is remembered: tables, sessions, migrations and the memory shared by processes. Words, but no rules and no Slack."""
