"""What changes in the zone: one function per change, in one file per topic."""
