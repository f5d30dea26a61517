"""Pure statistics: whether the candidate is really better."""
