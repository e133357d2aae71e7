"""What changed, and earlier versions."""
