"""The pages of the butler service: thin views by topic, each one query or one action."""
