"""Clocks and the few statistics that the tables use."""

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The seconds that the work took, and its answer."""
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


def timed_with_cpu(work: Callable[[], T]) -> tuple[float, float, T]:
    """The seconds that the work took, the seconds that this process computed meanwhile, and its answer.

    The second figure leaves out PostgreSQL and hardly depends on what else the machine does.
    """
    began, computed = time.perf_counter(), time.process_time()
    answer = work()
    return time.perf_counter() - began, time.process_time() - computed, answer


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-round(share * 1_000_000) * len(ordered) // 1_000_000)  # rounded up, in whole numbers
    return ordered[max(rank, 1) - 1]


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of each round: a busy machine slows both sides of a round."""
    return median(mine / other for mine, other in zip(ours, theirs, strict=True))
