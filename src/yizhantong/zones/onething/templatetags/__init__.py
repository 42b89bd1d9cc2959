"""Template tags of the zone."""
