"""What people fill in: one file for each side of the market, and events; money is asked in 万元, rates in percent."""
