"""Data of the cities; nothing here runs."""
