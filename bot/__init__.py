"""The desk: what is true and what is allowed. Rules take a session, an actor and the time, and return something typed."""
