"""Measures one comparison: a row for every candidate."""

import statistics

from tools.benchmarks import paired_times, peak_memory, unavailable
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import comparisons

BASELINE = "straightforward"


def rows(
    comparison: str,
    size: size_lib.Size,
    rounds: int,
    limits: dict[str, dict[str, float]],
    memory: bool = True,
) -> list[dict]:
    """Measures every candidate that can run here.

    Args:
        comparison: its name, see `comparisons`.
        size: of everything.
        rounds: how often each is timed.
        limits: see `machine_limit`.
        memory: whether to measure memory too, each candidate in a new process.

    Returns:
        A dict a candidate, the baseline first:
            comparison, candidate: names
            milliseconds, milliseconds_range: median, and [least, most]
            speed_ratio, speed_ratio_range: the baseline's time over this one's, the
                median over the rounds, and [least, most]
            added_megabytes, memory_ratio: see `peak_memory`; the ratio is the
                baseline's memory over this one's
            gigaflop, gigaflops, share_of_limit: of a run, a second, and of the
                machine's products of matrices in that precision
            items_per_second: pairs or pictures
            skipped: why there are no numbers
        with None for what is not known.
    """
    candidates, skipped = {}, {}
    for name, build in comparisons.builders(comparison, size).items():
        try:
            candidates[name] = build()
        except unavailable.Unavailable as reason:
            skipped[name] = str(reason)
    megabytes = {}
    for name in candidates if memory and peak_memory.is_measurable() else ():
        found = peak_memory.in_fresh_process(comparison, name, size)
        megabytes[name] = found and found["added_megabytes"]
    times = paired_times.paired_times(
        {name: each.run for name, each in candidates.items()}, rounds
    )
    measured = [
        {
            "comparison": comparison,
            "candidate": name,
            **_speed(times.get(BASELINE), times[name]),
            **_memory(megabytes.get(BASELINE), megabytes.get(name)),
            **_work(candidates[name], statistics.median(times[name]), limits),
            "skipped": None,
        }
        for name in candidates
    ]
    return measured + [
        {"comparison": comparison, "candidate": name, "skipped": reason}
        for name, reason in skipped.items()
    ]


def _speed(baseline, seconds):
    milliseconds = [1e3 * each for each in seconds]
    row = {
        "milliseconds": statistics.median(milliseconds),
        "milliseconds_range": [min(milliseconds), max(milliseconds)],
        "speed_ratio": None,
        "speed_ratio_range": None,
    }
    if baseline:
        ratios = [b / s for b, s in zip(baseline, seconds, strict=True)]
        row["speed_ratio"] = statistics.median(ratios)
        row["speed_ratio_range"] = [min(ratios), max(ratios)]
    return row


def _memory(baseline, megabytes):
    return {
        "added_megabytes": megabytes,
        "memory_ratio": baseline / megabytes if baseline and megabytes else None,
    }


def _work(candidate, seconds, limits):
    per_second = candidate.gigaflop and candidate.gigaflop / seconds
    limit = limits[candidate.precision]["matmul"]
    return {
        "gigaflop": candidate.gigaflop,
        "gigaflops": per_second,
        "share_of_limit": per_second and per_second / limit,
        "items_per_second": candidate.items and candidate.items / seconds,
    }
