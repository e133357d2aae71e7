"""Notes, highlights and the links between notes."""
