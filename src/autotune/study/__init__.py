"""From YAML files to a checked study."""
