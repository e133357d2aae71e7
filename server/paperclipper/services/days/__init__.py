"""Day decisions and sightings."""
