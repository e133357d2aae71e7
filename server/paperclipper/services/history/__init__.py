"""The change feed that clients follow, and earlier versions."""
