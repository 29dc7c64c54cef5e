"""Review tasks: the queue, who owns what, and how a task moves from available to completed."""
