"""Codes: reading the official files, what is typed, what is found."""
