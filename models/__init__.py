"""What is true: records, rules and use cases. Imports nothing of the floors above."""
