"""Audits of coding: samples, worksheets, and how codes are compared."""
