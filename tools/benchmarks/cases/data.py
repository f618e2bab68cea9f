"""Pairs from JPEG files, or from pictures held in memory, to batches."""

import atexit
import functools
import pathlib
import shutil
import tempfile

import tensorflow as tf

from keras_posegan.data import market1501, pairs, pipeline
from keras_posegan.data.synthetic_people import dataset
from keras_posegan.pose import body_parts, heatmaps
from tools.benchmarks import candidate, unavailable
from tools.benchmarks import size as size_lib

_BATCHES = 100


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    return {
        "straightforward": functools.partial(_build, size, _everything_on_the_host),
        "from JPEG": functools.partial(_build, size, _batches),
        "from memory": functools.partial(
            _build, size, functools.partial(_batches, in_memory=True)
        ),
    }


def _build(size, batches):
    iterator = iter(batches(size))

    def run():
        for _ in range(_BATCHES):
            next(iterator)

    return candidate.Candidate(run, items=_BATCHES * size.batch_size)


def _batches(size, batch_size=None, in_memory=False):
    """The project's own."""
    pictures = market1501.load(_data_dir(size.image_size), "train")
    return pipeline.training_batches(
        pictures,
        pairs.all_pairs(pictures.names, pictures.keypoints),
        size.image_size,
        batch_size or size.batch_size,
        seed=0,
        in_memory=in_memory,
    )


def _everything_on_the_host(size):
    """Heatmaps, maps of body parts and masks come with every example."""

    def derive(one):
        source, target = one["source_keypoints"], one["target_keypoints"]
        example = {
            **one,
            "source_heatmaps": heatmaps.keypoint_heatmaps(source, size.image_size),
            "target_heatmaps": heatmaps.keypoint_heatmaps(target, size.image_size),
            "transforms": body_parts.part_transforms(source, target),
            "masks": body_parts.part_masks(target, size.image_size),
        }
        return {name: value[0] for name, value in example.items()}

    examples = _batches(size, batch_size=1).map(
        derive, num_parallel_calls=tf.data.AUTOTUNE
    )
    return examples.batch(size.batch_size).prefetch(tf.data.AUTOTUNE)


@functools.cache
def _data_dir(image_size):
    """A hundred pictures of drawn people, until the program ends."""
    if min(image_size) < 32:
        raise unavailable.Unavailable("people are drawn on 32 x 32 pixels or more")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="benchmark_people_"))
    atexit.register(shutil.rmtree, folder)
    dataset.write_dataset(
        folder,
        identities=20,
        test_identities=0,
        pictures_per_identity=5,
        image_size=image_size,
    )
    return folder
