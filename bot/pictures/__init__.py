"""Pictures of numbers: drawn when somebody asks, as PNG bytes, readable on a phone and without colours."""
