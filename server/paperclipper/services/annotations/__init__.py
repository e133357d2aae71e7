"""Notes and highlights, and links from notes to papers."""
