"""What makes this machine noisy, or unable to measure something."""
