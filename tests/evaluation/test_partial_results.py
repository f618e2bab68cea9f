"""Tests of what an interrupted evaluation leaves behind."""

import json

import numpy as np

from keras_posegan.evaluation import partial_results

COLUMNS = {
    "generated/ssim": np.array([0.1, 0.2, 0.3]),
    "generated/masked probabilities": np.ones((3, 2), np.float32),
}


def test_what_was_written_is_read_back(tmp_path):
    _partial(tmp_path).write(128, COLUMNS)
    found = _partial(tmp_path).read(128, 3)
    assert list(found) == list(COLUMNS)
    for name, values in COLUMNS.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)


def test_another_place_length_or_key_is_missing(tmp_path):
    _partial(tmp_path).write(0, COLUMNS)
    assert _partial(tmp_path).read(128, 3) is None
    assert _partial(tmp_path).read(0, 4) is None
    for change in ({"step": 5}, {"protocol": "gfla"}, {"classifier_sha256": "1"}):
        assert _partial(tmp_path, **change).read(0, 3) is None


def test_a_damaged_chunk_is_missing(tmp_path):
    _partial(tmp_path).write(0, COLUMNS)
    (file,) = tmp_path.rglob("*.npz")
    whole = file.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"\0" * len(whole)):
        file.write_bytes(damaged)
        assert _partial(tmp_path).read(0, 3) is None


def test_the_key_stands_beside_the_chunks_and_nothing_else(tmp_path):
    _partial(tmp_path).write(0, COLUMNS)
    files = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["00000000.npz", "key.json"]
    (key,) = tmp_path.rglob("key.json")
    assert json.loads(key.read_text()) == {"protocol": "dgan", "step": 4}


def test_removing_leaves_other_keys(tmp_path):
    one, other = _partial(tmp_path), _partial(tmp_path, protocol="gfla")
    one.write(0, COLUMNS)
    other.write(0, COLUMNS)
    one.remove()
    assert one.read(0, 3) is None
    assert other.read(0, 3) is not None
    other.remove()
    other.remove()  # Nothing left to remove is no fault.
    assert not any(tmp_path.iterdir())


def _partial(folder, **changes):
    return partial_results.PartialResults(
        folder, {"protocol": "dgan", "step": 4, **changes}
    )
