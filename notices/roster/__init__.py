"""Reading rosters as people make them: what a file shows, what it hides, and what it means."""
