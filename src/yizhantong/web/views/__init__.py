"""What the addresses lead to: parse, call one action or query, answer."""
