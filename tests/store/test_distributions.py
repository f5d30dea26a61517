from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from autotune.model.trial import Sample
from autotune.store.distributions import packed, unpacked
from autotune.store.store import Store


def test_nothing_takes_no_room() -> None:
    assert packed({}) is None
    assert unpacked(None) == {}


def test_distributions_come_back_as_they_were(sample: Callable[..., Sample]) -> None:
    distributions = sample().distributions
    assert distributions
    assert unpacked(packed(distributions)) == distributions


def test_distributions_are_kept_with_their_sample(
    tmp_path: Path, store: Store, sample: Callable[..., Sample]
) -> None:
    store.add_sample("r1", sample(), role="baseline", index=0)
    store.close()
    with Store.open(tmp_path / "study.db") as again:
        assert again.load_run("r1").baseline[0].distributions == sample().distributions


@pytest.mark.parametrize(
    "block", [b"", b"x", b"x\x9c\x03\x00", zlib.compress(b"[]"), zlib.compress(b'{"a": {}}')]
)
def test_a_damaged_block_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpacked(block)
