"""Races and faults as they happen: real server processes, real connections, on the database that the run tests."""
