"""The installation itself: its health, the system service, housekeeping, the extension folder."""
