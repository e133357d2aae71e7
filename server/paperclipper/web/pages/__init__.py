"""The personal page."""
BLUEPRINTS = ()
