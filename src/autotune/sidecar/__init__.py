"""Small processes of their own; standard library only."""
