"""The change feed and earlier versions."""
