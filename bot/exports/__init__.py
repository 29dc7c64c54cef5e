"""What leaves the desk: review tasks as CSV or FHIR, for supervisors, each time written down."""
