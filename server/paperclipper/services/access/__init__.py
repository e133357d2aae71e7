"""Libraries, API tokens, sign-in and pairing."""
