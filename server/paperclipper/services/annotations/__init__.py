"""Notes, highlights, and links from one note to another paper."""
