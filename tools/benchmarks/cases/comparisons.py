"""Every comparison by name."""

import functools
from collections.abc import Callable

from tools.benchmarks import candidate
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import (
    attention,
    data,
    features,
    generator,
    inference,
    metrics,
    nearest_neighbor,
    step,
    warp,
)

_BUILDERS = {
    "step": step.builders,
    "generator": generator.builders,
    "warp": warp.builders,
    "attention": attention.builders,
    "nearest_neighbor_3x3": functools.partial(
        nearest_neighbor.builders, neighborhood=3
    ),
    "nearest_neighbor_5x5": functools.partial(
        nearest_neighbor.builders, neighborhood=5
    ),
    "features": features.builders,
    "data": data.builders,
    "inference": inference.builders,
    "metrics": metrics.builders,
}


def names(part: str) -> list[str]:
    """The comparisons of a part: itself, or several that begin with its name."""
    return [name for name in _BUILDERS if name == part or name.startswith(f"{part}_")]


def builders(
    name: str, size: size_lib.Size
) -> dict[str, Callable[[], candidate.Candidate]]:
    """What builds each candidate, by name, "straightforward" first.

    A builder raises `unavailable.Unavailable` where its candidate cannot run.
    """
    return _BUILDERS[name](size)
