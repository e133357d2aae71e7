"""Conversion between model objects and text. Pure: no files, no network, no database."""
