"""Data of packages and enrolment; nothing here runs."""
