"""The file format as pydantic models, which the JSON Schema for editors is generated from."""
