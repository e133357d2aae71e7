"""Model to text and back. Pure: no files, no network, no database."""
