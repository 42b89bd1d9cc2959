"""Pages between cities."""
