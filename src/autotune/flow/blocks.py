"""Measures a contest: blocks that hold each of its configurations once, in a drawn order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from autotune.flow.sentinel import BASELINE
from autotune.flow.work import Work
from autotune.model.run import BlockSample, Contest

_STREAM = 0xB10C
"""Keeps these orders apart from every other draw that uses the study's seed."""


def order(seed: int, contest: Contest, block: int) -> list[int]:
    """The drawn order of the entrants in one block: the same at every resume."""
    stream = np.random.default_rng([_STREAM, seed, contest.number, block])
    return [int(entrant) for entrant in stream.permutation(len(contest.entrants))]


def begun(work: Work, plan: Contest) -> Contest:
    """`plan`, recorded before its first block."""
    work.session.store.add_contest(work.session.run, plan)
    return plan


def measured(
    work: Work, contest: Contest, *, settled: Callable[[Contest], bool], out_of_time: Callable[[], bool]
) -> Contest:
    """`contest` with its blocks measured until it is settled or the time is used up.

    What is recorded already is not measured again.
    """
    for block in range(contest.blocks):
        if block < contest.whole:
            continue
        if settled(contest) or out_of_time():
            break
        contest = _block(work, contest, block)
        work.listener.block(contest.stage, block + 1, contest.blocks)
    return contest


def _block(work: Work, contest: Contest, block: int) -> Contest:
    known = {s.entrant for s in contest.samples if s.block == block}
    for position, entrant in enumerate(order(work.study.sampler.seed, contest, block)):
        if entrant in known:
            continue
        # One number for all, so that no metric can tell them apart by it.
        sample = work.bench.sample(contest.entrants[entrant].config, trial=BASELINE)
        work.session.store.add_sample(
            work.session.run,
            sample,
            role="contest",
            contest=contest.number,
            pair=block,
            index=entrant,
            order=position,
        )
        taken = BlockSample(block=block, entrant=entrant, order=position, sample=sample)
        contest = replace(contest, samples=(*contest.samples, taken))
    return contest
