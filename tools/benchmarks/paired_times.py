"""Times of several candidates that share the machine's moods."""

import time
from collections.abc import Callable


def paired_times(
    candidates: dict[str, Callable[[], None]], rounds: int
) -> dict[str, list[float]]:
    """Runs A A B B C C A A B B C C ..., and times the second of each two.

    In turns, so that what slows the machine down slows all. The first of the two
    brings back what caches and memory have lost while the others ran: training and
    serving do one thing over and over.

    Args:
        candidates: by name; each returns only when its results are there.
        rounds: int >= 1, after one that warms up and is not counted.

    Returns:
        Seconds of every counted round, by name.
    """
    times = {name: [] for name in candidates}
    for counted in [False] + [True] * rounds:
        for name, run in candidates.items():
            run()
            start = time.perf_counter()
            run()
            if counted:
                times[name].append(time.perf_counter() - start)
    return times
