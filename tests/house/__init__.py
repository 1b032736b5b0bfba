"""Guards: what the house's plan says of the code, read from the code."""
