"""What one message costs, measured side by side with others. `python -m bench` prints it."""
