"""Tests of the batches: what is in them, and in which order."""

import collections
import itertools

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_posegan.data import dataset_check, market1501, pairs, pipeline
from tests.data import drawn_dataset

IMAGE_SIZE = drawn_dataset.IMAGE_SIZE


@pytest.fixture
def pictures(data_dir):
    return market1501.load(data_dir, "train")


def _take(pictures, count, batch_size=3, seed=0, first_step=0, in_memory=False):
    batches = pipeline.training_batches(
        pictures,
        np.array(drawn_dataset.TRAIN_PAIRS),
        IMAGE_SIZE,
        batch_size,
        seed,
        first_step,
        in_memory,
    )
    return list(batches.take(count).as_numpy_iterator())


def _pairs_of(pictures, batches):
    """Which pair each example is, told by its pictures."""
    levels = [
        dataset_check.read_picture(path, IMAGE_SIZE).tobytes()
        for path in pictures.paths
    ]
    return [
        (levels.index(source.tobytes()), levels.index(target.tobytes()))
        for batch in batches
        for source, target in zip(
            batch["source_image"], batch["target_image"], strict=True
        )
    ]


def test_a_batch_holds_pictures_and_keypoints_of_the_pairs(pictures):
    (batch,) = pipeline.evaluation_batches(
        pictures, np.array([[0, 2], [4, 1]]), IMAGE_SIZE, batch_size=2
    ).as_numpy_iterator()
    assert _pairs_of(pictures, [batch]) == [(0, 2), (4, 1)]
    np.testing.assert_array_equal(batch["source_keypoints"], pictures.keypoints[[0, 4]])
    np.testing.assert_array_equal(batch["target_keypoints"], pictures.keypoints[[2, 1]])


def test_batches_have_static_shapes_and_the_stated_types(pictures):
    batches = pipeline.training_batches(
        pictures, np.array(drawn_dataset.TRAIN_PAIRS), IMAGE_SIZE, 3, 0
    )
    image = tf.TensorSpec((3, *IMAGE_SIZE, 3), tf.uint8)
    keypoints = tf.TensorSpec((3, 18, 3), tf.float32)
    assert batches.element_spec == {
        "source_image": image,
        "target_image": image,
        "source_keypoints": keypoints,
        "target_keypoints": keypoints,
    }


def test_evaluation_keeps_the_order_and_the_last_small_batch(pictures):
    batches = list(
        pipeline.evaluation_batches(
            pictures, np.array(drawn_dataset.TRAIN_PAIRS), IMAGE_SIZE, 3
        ).as_numpy_iterator()
    )
    assert [len(batch["source_image"]) for batch in batches] == [3, 3, 2]
    assert _pairs_of(pictures, batches) == list(drawn_dataset.TRAIN_PAIRS)


def test_each_epoch_holds_every_pair_once_in_another_order(pictures):
    epoch = len(drawn_dataset.TRAIN_PAIRS)
    seen = _pairs_of(pictures, _take(pictures, count=epoch, batch_size=3))
    epochs = [tuple(seen[start : start + epoch]) for start in (0, epoch, 2 * epoch)]
    for order in epochs:
        assert collections.Counter(order) == collections.Counter(
            drawn_dataset.TRAIN_PAIRS
        )
    assert len(set(epochs)) == 3


def test_the_order_depends_on_the_seed_alone(pictures):
    first, again, other = (
        _pairs_of(pictures, _take(pictures, count=8, seed=seed)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("first_step", [1, 2, 7])
def test_a_later_start_goes_on_with_the_same_batches(pictures, first_step):
    whole = _take(pictures, count=10)
    resumed = _take(pictures, count=10 - first_step, first_step=first_step)
    for one, other in zip(whole[first_step:], resumed, strict=True):
        assert one.keys() == other.keys()
        for key in one:
            np.testing.assert_array_equal(one[key], other[key])


def test_starts_far_into_a_long_run(pictures):
    batches = _take(pictures, count=2, batch_size=64, first_step=10**8)
    assert len(set(_pairs_of(pictures, batches))) == len(drawn_dataset.TRAIN_PAIRS)


def test_a_strategy_deals_out_the_same_batches(pictures):
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    everything = np.array(drawn_dataset.TRAIN_PAIRS)
    distributed = strategy.experimental_distribute_dataset(
        pipeline.training_batches(pictures, everything, IMAGE_SIZE, 3, 0)
    )
    for dealt, batch in zip(
        itertools.islice(distributed, 4), _take(pictures, 4), strict=True
    ):
        np.testing.assert_array_equal(dealt["target_image"], batch["target_image"])


def test_no_pairs_are_refused(pictures):
    with pytest.raises(ValueError, match="`pairs` must not be empty"):
        pipeline.training_batches(pictures, np.zeros((0, 2), int), IMAGE_SIZE, 3, 0)


def test_a_picture_of_another_size_stops_the_pipeline(pictures):
    with pytest.raises(tf.errors.InvalidArgumentError):
        list(pipeline.evaluation_batches(pictures, np.array([[0, 2]]), (16, 16), 1))


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA"])
def test_decodes_png_as_pillow_does(tmp_path, mode):
    colors = np.random.default_rng(0).integers(0, 256, (9, 7, 4), dtype=np.uint8)
    path = tmp_path / "picture.png"
    Image.fromarray(colors).convert(mode).save(path)
    decoded = pipeline.decode_picture(str(path))
    expected = dataset_check.read_picture(path, (9, 7))
    np.testing.assert_array_equal(decoded, expected)


@pytest.mark.parametrize("subsampling", [0, 2])
def test_decodes_jpeg_as_pillow_does(tmp_path, subsampling):
    colors = np.random.default_rng(0).integers(0, 256, (16, 8, 3), dtype=np.uint8)
    path = tmp_path / "picture.jpg"
    large = Image.fromarray(colors).resize((64, 128), Image.BICUBIC)
    large.save(path, quality=75, subsampling=subsampling)
    decoded = pipeline.decode_picture(str(path)).numpy().astype(int)
    with Image.open(path) as picture:
        assert np.abs(decoded - np.asarray(picture)).max() <= 1


def test_decodes_real_pictures_as_pillow_does(shared_dir):
    mini = market1501.load(shared_dir / "market1501" / "mini", "test")
    chosen = pairs.all_pairs(mini.names, mini.keypoints)
    batch = next(iter(pipeline.evaluation_batches(mini, chosen, (128, 64), 64)))
    for decoded, row in zip(batch["source_image"], chosen[:, 0], strict=False):
        expected = dataset_check.read_picture(mini.paths[row], (128, 64))
        assert np.abs(decoded.numpy().astype(int) - expected).max() <= 1


def test_batches_from_memory_are_those_from_files(pictures):
    batches = _take(pictures, 4)
    for kept, read in zip(_take(pictures, 4, in_memory=True), batches, strict=True):
        for name, values in read.items():
            np.testing.assert_array_equal(kept[name], values)


def test_pictures_in_memory_are_read_once(pictures, monkeypatch):
    read = []
    decode = pipeline.decode_picture
    monkeypatch.setattr(
        pipeline, "decode_picture", lambda path: read.append(path) or decode(path)
    )
    _take(pictures, 4, in_memory=True)
    assert len(read) == len(pictures.paths)
