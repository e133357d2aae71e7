"""Pairing, tokens and hello over the API."""
