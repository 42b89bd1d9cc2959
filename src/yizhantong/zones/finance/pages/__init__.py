"""The zone's pages: thin; they parse, call one query or action, and answer. One file for each side of the market, and events."""
