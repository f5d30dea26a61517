"""How well samplers search: recorded systems, noise, smooth functions, and what an answer costs."""
