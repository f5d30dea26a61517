"""The nouns: frozen types without behaviour that touches a machine."""
