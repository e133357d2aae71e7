"""Papers, their clips and their identifiers."""
