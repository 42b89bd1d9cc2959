"""One app for each undertaking of the city; no zone imports another."""
