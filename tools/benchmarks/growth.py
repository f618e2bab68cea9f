"""How time and memory grow with the number of positions, and with the batch."""

import dataclasses

from tools.benchmarks import measurement, peak_memory
from tools.benchmarks import size as size_lib

# N = 512 ... 65,536 positions.
_PICTURES = ((32, 16), (64, 32), (128, 64), (256, 128), (256, 256))
_BATCHES = (1, 2, 4, 8, 16)
# Beyond these the straightforward way takes tens of gigabytes.
_MOST_WHOLE_POSITIONS = 128 * 64
_MOST_WHOLE_BATCH = 8


def rows(size: size_lib.Size) -> list[dict]:
    """Measures attention, on one example, and the step, each in a new process.

    Args:
        size: of everything else.

    Returns:
        Dicts of comparison, candidate, grown ("positions" or "batch_size"), count,
        seconds and added_megabytes; what cannot run is left out.
    """
    jobs = [
        ("attention", "positions", height * width, sizes, _MOST_WHOLE_POSITIONS)
        for height, width in _PICTURES
        for sizes in [{"batch_size": 1, "image_height": height, "image_width": width}]
    ]
    jobs += [
        ("step", "batch_size", batch, {"batch_size": batch}, _MOST_WHOLE_BATCH)
        for batch in _BATCHES
    ]
    found = []
    for comparison, grown, count, sizes, most_whole in jobs:
        for name in (measurement.BASELINE, "float32", "mixed_bfloat16"):
            if name == measurement.BASELINE and count > most_whole:
                continue
            measured = peak_memory.in_fresh_process(
                comparison, name, dataclasses.replace(size, **sizes)
            )
            if measured:
                labels = {"comparison": comparison, "candidate": name}
                found.append({**labels, "grown": grown, "count": count, **measured})
    return found
