"""How cases are told on pages: lights, the line of stations, the one next action, masked names, refusals at their place.

Nothing here decides anything: it turns rows of the kernel's rooms into what desk, hall and API show, and never asks the database
for one row at a time.
"""
