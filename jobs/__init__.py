"""What happens on the clock: sweeps that write notices, and senders that deliver them."""
