"""The digest in the forms it comes in: a page saved as text, the API's JSON, JSON lines. Pure."""
