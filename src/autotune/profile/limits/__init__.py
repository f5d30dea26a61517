"""The keys that a profile may set, with their safe ranges, and those that it may never set."""
