"""Pages of packages: what is offered, signing together, the lead's desk, the editor."""
