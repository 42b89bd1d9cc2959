"""Rooms that know no zone."""
