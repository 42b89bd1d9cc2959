"""The desk: what officials see. Dense and quick; every page works without scripts, scripts add the keyboard."""
