"""What the sandbox shows: an invented desk with its people's roles, review tasks and releases. Seeded, without any patient."""
