"""Forty trials of `auto` on a space of eight parameters, told at once."""

from search.costs import Ours

sampler = Ours("auto")
for _ in range(40):
    sampler.answer()
