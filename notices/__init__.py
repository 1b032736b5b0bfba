"""What goes out: the pushes to people, and the jobs that send them."""
