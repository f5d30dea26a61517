from autotune.model.trial import Sample, State
from autotune.report.told import told


def sample(*warnings: str) -> Sample:
    """A good sample that warns so."""
    return Sample(state=State.OK, warnings=warnings)


def test_warnings_count_samples_and_not_processes() -> None:
    left = [f"sleep ({pid}) still ran at the end and was killed" for pid in range(11, 17)]
    found = told([sample(*left[:3]), sample(*left[3:]), sample()])
    assert found == {"sleep still ran at the end and was killed": 2}


def test_warnings_that_differ_in_numbers_alone_are_one() -> None:
    found = told([sample("122,916 bytes were left out"), sample("9,100 bytes were left out")])
    assert found == {"122,916 bytes were left out, or the like": 2}


def test_warnings_come_in_the_order_of_their_number() -> None:
    assert list(told([sample("rare", "often"), sample("often")])) == ["often", "rare"]
