"""Reading published code files into editions: all or nothing."""
