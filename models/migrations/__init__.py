"""Alembic's versions; run by `models/migrate.py`, never by an ini file."""
