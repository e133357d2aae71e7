"""API routes of papers, clips and stubs."""
