"""Pages for signing in and connecting browsers."""
