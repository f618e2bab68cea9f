"""Times of several candidates that share the machine's moods."""

import time
from collections.abc import Callable


def paired_times(
    candidates: dict[str, Callable[[], None]], rounds: int
) -> dict[str, list[float]]:
    """Runs A B C A B C ..., so that what slows the machine down slows all.

    Args:
        candidates: by name; each returns only when its results are there.
        rounds: int >= 1, after two that warm up and are not counted.

    Returns:
        Seconds of every counted round, by name.
    """
    times = {name: [] for name in candidates}
    for counted in [False] * 2 + [True] * rounds:
        for name, run in candidates.items():
            start = time.perf_counter()
            run()
            if counted:
                times[name].append(time.perf_counter() - start)
    return times
