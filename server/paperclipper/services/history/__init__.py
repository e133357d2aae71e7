"""The change feed for clients, and earlier versions."""
