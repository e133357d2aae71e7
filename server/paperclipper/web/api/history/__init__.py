"""API routes of changes and earlier versions."""
