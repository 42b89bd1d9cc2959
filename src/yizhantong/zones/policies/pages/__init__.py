"""Pages of the policies: for everyone, for enterprises, for officers, for experts; thin over actions and queries."""
