"""Libraries, tokens, sign-in, pairing."""
