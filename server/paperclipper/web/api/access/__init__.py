"""API routes of hello, pairings and tokens."""
