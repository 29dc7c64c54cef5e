"""Experiments that kill processes and let Slack fail, to see what becomes of the notices."""
