"""Rosters as people make them, written in every format; all people are invented."""
