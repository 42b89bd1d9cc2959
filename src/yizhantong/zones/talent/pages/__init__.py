"""Pages of the talent service."""
