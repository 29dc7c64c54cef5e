"""Releases of information: requests, their due dates, what blocks them, their reminders."""
