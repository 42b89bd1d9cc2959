"""Data of the butler service; nothing here runs."""
