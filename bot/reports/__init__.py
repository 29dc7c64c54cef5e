"""Reports: how accurate coding was, how long work took, and why things went wrong. Private, and never a ranking of people."""
