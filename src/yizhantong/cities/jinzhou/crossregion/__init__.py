"""Data of cross-region handling; nothing here runs."""
