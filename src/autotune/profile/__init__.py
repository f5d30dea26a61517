"""A proven configuration as a file that can be used."""
