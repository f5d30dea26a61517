"""Which configurations the rules of a space permit."""
