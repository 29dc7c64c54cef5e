"""Codes: what a code says, and which code somebody means."""
