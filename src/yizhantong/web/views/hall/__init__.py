"""The hall and my space: what enterprises and residents see. Calm and large; every page works without scripts and with one thumb."""
