"""Runs samples of a workload in fresh processes and records what they cost."""
