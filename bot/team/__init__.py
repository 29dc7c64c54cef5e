"""How supervisors share out the work: assigning, leave, the board, people and limits."""
