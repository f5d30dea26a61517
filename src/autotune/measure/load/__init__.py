"""Issues requests on a schedule, or by users that wait for each answer, and times them."""

from autotune.measure.load.function import drive

__all__ = ["drive"]
