"""What tests of all rooms share: engines to run against. Nothing in the product imports this package."""
