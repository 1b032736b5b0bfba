"""What is said: reading residents' answers, understanding free text, flows, wording."""
