"""Accuracy flags: a reported problem on a record, from its report to its end."""
