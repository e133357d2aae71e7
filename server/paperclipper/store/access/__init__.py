"""Libraries, and who may reach them: tokens, sessions, pairings, failed attempts."""
