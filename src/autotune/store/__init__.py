"""The truth on disk: runs, trials, samples."""
