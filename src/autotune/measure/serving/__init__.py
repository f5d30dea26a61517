"""Services that are started for their samples alone: place, start, readiness, reset, cost, end."""
