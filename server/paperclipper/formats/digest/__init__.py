"""Parsers for the digest's pages saved as text, its API's JSON, and JSON Lines. Pure."""
