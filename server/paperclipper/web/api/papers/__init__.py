"""Papers and clips over the API."""
