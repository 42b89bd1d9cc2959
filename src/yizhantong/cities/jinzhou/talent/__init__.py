"""Talent service of the sample city."""
