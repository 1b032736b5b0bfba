"""Everything that is called over HTTP: the only Flask in the house."""
