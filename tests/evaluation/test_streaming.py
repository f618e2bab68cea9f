"""Tests of measuring in chunks."""

import tracemalloc

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.evaluation import measures, partial_results, streaming
from tests.evaluation import stand_ins

CHUNK = streaming.CHUNK_PAIRS
COUNT = 2 * CHUNK + 10  # The last chunk is short.


def _first_value(real, generated):
    return generated[:, 0, 0, 0].astype(np.float64)


MEASURES = measures.Measures(stand_ins.protocol(first=_first_value))


class _Pairs:
    """Pictures whose first value tells the pair, in batches of 50."""

    def __init__(self, stop_at=None):
        self.drawn = []
        self._stop_at = stop_at

    def __call__(self, start, stop):
        for first in range(start, stop, 50):
            numbers = np.arange(first, min(first + 50, stop))
            if self._stop_at in numbers:
                raise KeyboardInterrupt
            self.drawn.extend(numbers.tolist())
            pictures = np.zeros((len(numbers), 4, 4, 3), np.uint8)
            pictures += (numbers % 251).astype(np.uint8)[:, None, None, None]
            yield pictures, {"generated": pictures}, None


def test_every_pair_is_measured_once_and_in_order(tmp_path):
    pairs = _Pairs()
    columns = streaming.stream(MEASURES, COUNT, pairs, _partial(tmp_path))
    assert pairs.drawn == list(range(COUNT))
    np.testing.assert_array_equal(columns["generated/first"], _expected())


def test_an_interruption_loses_less_than_a_chunk(tmp_path, capsys):
    interrupted = _Pairs(stop_at=CHUNK + 60)
    with pytest.raises(KeyboardInterrupt):
        streaming.stream(MEASURES, COUNT, interrupted, _partial(tmp_path))
    pairs = _Pairs()
    columns = streaming.stream(MEASURES, COUNT, pairs, _partial(tmp_path))
    assert pairs.drawn == list(range(CHUNK, COUNT))
    np.testing.assert_array_equal(columns["generated/first"], _expected())
    assert f"going on after {CHUNK} pairs" in capsys.readouterr().out


def test_a_chunk_missing_in_the_middle_is_done_in_its_place(tmp_path):
    streaming.stream(MEASURES, COUNT, _Pairs(), _partial(tmp_path))
    (second,) = tmp_path.rglob(f"{CHUNK:08d}.npz")
    second.unlink()
    pairs = _Pairs()
    columns = streaming.stream(MEASURES, COUNT, pairs, _partial(tmp_path))
    assert pairs.drawn == list(range(CHUNK, 2 * CHUNK))
    np.testing.assert_array_equal(columns["generated/first"], _expected())


def test_chunks_of_other_measures_are_refused(tmp_path):
    partial = _partial(tmp_path)
    partial.write(0, {"generated/second": np.zeros(CHUNK)})
    with pytest.raises(input_error.InputError, match="remove that folder"):
        streaming.stream(MEASURES, COUNT, _Pairs(), partial)


def test_pictures_are_not_kept(tmp_path):
    count, size = 3000, (128, 64, 3)
    one_set = count * np.prod(size)  # 74 MB, of three that stream through.

    def batches(start, stop):
        for first in range(start, stop, 32):
            shape = (min(32, stop - first), *size)
            pictures = {
                "generated": np.full(shape, 7, np.uint8),
                "copy_source": np.full(shape, 8, np.uint8),
            }
            yield np.full(shape, 9, np.uint8), pictures, None

    tracemalloc.start()
    streaming.stream(
        measures.Measures(MEASURES.protocol, stand_ins.Classifier()),
        count,
        batches,
        _partial(tmp_path),
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < one_set / 3


def _partial(folder):
    return partial_results.PartialResults(folder, {})


def _expected():
    return np.arange(COUNT) % 251
