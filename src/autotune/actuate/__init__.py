"""Brings a configuration into a sample: argv, environment, files, arguments."""
