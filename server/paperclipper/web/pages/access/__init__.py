"""Signing in, and connecting a browser."""
