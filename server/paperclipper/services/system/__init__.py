"""The installation: health checks, the system service, housekeeping and the extension folder."""
