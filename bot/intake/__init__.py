"""Intake: work that comes from the EHR as a CSV file. References, words and numbers enter; identifiers of patients do not."""
