"""Changes and revisions over the API."""
