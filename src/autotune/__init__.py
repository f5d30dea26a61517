"""Finds, proves and keeps better settings for real systems."""

__version__ = "0.1.0"
