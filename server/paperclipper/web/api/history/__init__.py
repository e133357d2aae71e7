"""API routes for the change feed and earlier versions."""
