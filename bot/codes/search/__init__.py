"""Search: from what a coder types to the codes it most likely means."""
