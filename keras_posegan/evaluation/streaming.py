"""Pairs measured in chunks: pictures are not kept, an interruption loses one chunk."""

from collections.abc import Callable, Iterable

import numpy as np

from keras_posegan import progress_line
from keras_posegan.evaluation import measures, partial_results

CHUNK_PAIRS = 128
# Real pictures, candidates by name, masks or None: what `Measures.columns` takes.
Batch = tuple[np.ndarray, dict[str, np.ndarray], np.ndarray | None]


def stream(
    measured: measures.Measures,
    pair_count: int,
    batches: Callable[[int, int], Iterable[Batch]],
    partial: partial_results.PartialResults,
) -> dict[str, np.ndarray]:
    """Measures every pair once; those of an earlier, interrupted call are not redone.

    Args:
        measured: what to measure.
        pair_count: how many pairs there are.
        batches: gives the batches of the pairs in [start, stop), in order.
        partial: where finished chunks of `CHUNK_PAIRS` pairs are kept. They are not
            removed here but when the row is written.

    Returns:
        The columns of all pairs in their order.
    """
    starts = range(0, pair_count, CHUNK_PAIRS)
    stops = [min(start + CHUNK_PAIRS, pair_count) for start in starts]
    chunks = [
        partial.read(start, stop - start)
        for start, stop in zip(starts, stops, strict=True)
    ]
    done = sum(
        stop - start
        for start, stop, columns in zip(starts, stops, chunks, strict=True)
        if columns
    )
    if done:
        print(f"going on after {done} pairs of an interrupted evaluation", flush=True)
    line = progress_line.ProgressLine("pair", pair_count, done)
    for index, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        if chunks[index]:
            continue
        parts = []
        for batch in batches(start, stop):
            parts.append(measured.columns(*batch))
            line.advance(len(batch[0]))
        chunks[index] = _joined(parts)
        partial.write(start, chunks[index])
    return _joined(chunks)


def _joined(parts):
    """The columns of consecutive parts as one; takes them out of the parts."""
    # Taken out, so that a hundred megabytes of features are not held twice.
    return {
        name: np.concatenate([part.pop(name) for part in parts])
        for name in list(parts[0])
    }
