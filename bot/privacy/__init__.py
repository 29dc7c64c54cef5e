"""The PHI guard: a seat belt against patient identifiers in free text. Pure functions, no patient text kept or logged."""
