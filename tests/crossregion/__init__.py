"""Two cities, each with its own processes, database, home and keys, that pass cases to each other through faults."""
