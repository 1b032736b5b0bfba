"""The flows: ordered steps, each file one thing that people come for."""
