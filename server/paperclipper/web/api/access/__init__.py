"""API routes for server identification, pairing and tokens."""
