"""Libraries and access to them: API tokens, sessions, pairings and failed attempts."""
