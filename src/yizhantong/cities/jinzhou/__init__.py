"""Data of Jinzhou 锦州; nothing here runs."""
