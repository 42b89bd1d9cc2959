"""Pure rooms: no Django, no database; each stands alone."""
