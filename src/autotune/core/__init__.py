"""Ground rules shared by every floor: errors, units, expressions, files."""
