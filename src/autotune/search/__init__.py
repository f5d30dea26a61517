"""Samplers: which configuration to measure next."""
