"""What a study could look like, guessed from a command line and from what it printed: text in, text out."""
