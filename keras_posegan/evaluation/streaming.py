"""Pairs measured in chunks: pictures are not kept, an interruption loses one chunk."""

from collections.abc import Callable, Iterable

import numpy as np

from keras_posegan import input_error, progress_line
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

    Raises:
        input_error.InputError: if the kept chunks are of other measures, which only
            uncommitted changes of the code can bring about.
    """
    columns = {}

    def keep(start, chunk):
        if columns and chunk.keys() != columns.keys():
            raise input_error.InputError(
                "evaluation.partial: holds other measures than this code computes; "
                "remove that folder."
            )
        for name, values in chunk.items():
            if name not in columns:
                shape = (pair_count, *values.shape[1:])
                columns[name] = np.empty(shape, values.dtype)
            columns[name][start : start + len(values)] = values

    missing, done = [], 0
    for start in range(0, pair_count, CHUNK_PAIRS):
        stop = min(start + CHUNK_PAIRS, pair_count)
        chunk = partial.read(start, stop - start)
        if chunk:
            keep(start, chunk)
            done += stop - start
        else:
            missing.append((start, stop))
    if done:
        print(f"going on after {done} pairs of an interrupted evaluation", flush=True)
    line = progress_line.ProgressLine("pair", pair_count, done)
    for start, stop in missing:
        parts = []
        for batch in batches(start, stop):
            parts.append(measured.columns(*batch))
            line.advance(len(batch[0]))
        chunk = {
            name: np.concatenate([part[name] for part in parts]) for name in parts[0]
        }
        partial.write(start, chunk)
        keep(start, chunk)
    return columns
