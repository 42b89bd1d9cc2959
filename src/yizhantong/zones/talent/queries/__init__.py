"""What is read in the zone: in one file per topic."""
