"""Readers of the digest: a page saved as text, the API's JSON, and JSON lines. Pure."""
