"""What the sample city decides of bank and enterprise matching; data only."""
