"""From pictures on disk to batches: uint8 pictures and keypoints, nothing derived.

A batch is a dict of `source_image`, `target_image` (uint8 `(B, H, W, 3)`) and
`source_keypoints`, `target_keypoints` (float32 `(B, 18, 3)`).
"""

import numpy as np
import tensorflow as tf

from keras_posegan.data import annotated_pictures


def decode_picture(path):
    """Reads a JPEG or PNG file: scalar string to uint8 `(height, width, 3)`."""
    return decode_picture_bytes(tf.io.read_file(path))


def decode_picture_bytes(contents):
    """Decodes a JPEG or PNG: scalar string to uint8 `(height, width, 3)`.

    The exact inverse cosine transform is asked for: TensorFlow's default is a faster
    one, several grey levels off what every other program sees. (`decode_jpeg` takes
    PNG as well.)
    """
    return tf.io.decode_jpeg(contents, channels=3, dct_method="INTEGER_ACCURATE")


def training_batches(
    pictures: annotated_pictures.AnnotatedPictures,
    pairs: np.ndarray,
    image_size: tuple[int, int],
    batch_size: int,
    seed: int,
    first_step: int = 0,
    in_memory: bool = False,
) -> tf.data.Dataset:
    """Feeds shuffled pairs for ever.

    Which pairs step k gets is a function of (seed, k) alone: example number
    n = k * batch_size + i belongs to epoch n // P, and a random permutation of the P
    pairs, drawn from (seed, epoch), says which pair it is. So a resumed run goes on
    with `first_step` where it stopped, and no iterator has to be saved. Every epoch
    holds every pair once; a batch may straddle two epochs.

    Args:
        pictures: the pictures and their keypoints.
        pairs: int `(P, 2)`: rows of the source and the target picture.
        image_size: `(height, width)` of every picture.
        batch_size: examples a batch, over all replicas.
        seed: int in [0, 2^31): the order.
        first_step: the step whose batch comes first.
        in_memory: whether to decode every picture once, at the start, and keep it:
            24.6 kB each at 128x64. The batches are the same.

    Returns:
        An infinite dataset of batches.

    Raises:
        ValueError: if there are no pairs.
    """
    if len(pairs) == 0:
        raise ValueError("`pairs` must not be empty.")
    count = tf.constant(len(pairs), tf.int64)
    load_pair = _pair_loader(pictures, pairs, image_size, in_memory)

    def load_example(number):
        epoch = tf.cast(number // count, tf.int32)
        row = tf.random.experimental.index_shuffle(
            number % count, seed=tf.stack([seed, epoch]), max_index=count - 1
        )
        return load_pair(row)

    numbers = tf.data.Dataset.range(first_step * batch_size, tf.int64.max)
    return _batch(numbers, load_example, batch_size, drop_remainder=True)


def evaluation_batches(
    pictures: annotated_pictures.AnnotatedPictures,
    pairs: np.ndarray,
    image_size: tuple[int, int],
    batch_size: int,
) -> tf.data.Dataset:
    """Feeds every pair once, in order; the last batch may be smaller.

    Args:
        pictures: the pictures and their keypoints.
        pairs: int `(P, 2)`: rows of the source and the target picture.
        image_size: `(height, width)` of every picture.
        batch_size: examples a batch.

    Returns:
        A finite dataset of batches.
    """
    rows = tf.data.Dataset.range(len(pairs))
    load_pair = _pair_loader(pictures, pairs, image_size)
    return _batch(rows, load_pair, batch_size, drop_remainder=False)


def _pair_loader(pictures, pairs, image_size, in_memory=False):
    """A function from a row of `pairs` to an example."""
    paths = tf.constant(pictures.paths)
    if in_memory:
        decoded = tf.stack([decode_picture(path) for path in pictures.paths])
    keypoints = tf.constant(pictures.keypoints, tf.float32)
    pairs = tf.constant(pairs, tf.int32)

    def load_picture(index):
        picture = decoded[index] if in_memory else decode_picture(paths[index])
        return tf.ensure_shape(picture, (*image_size, 3))

    def load_pair(row):
        source, target = pairs[row, 0], pairs[row, 1]
        return {
            "source_image": load_picture(source),
            "target_image": load_picture(target),
            "source_keypoints": keypoints[source],
            "target_keypoints": keypoints[target],
        }

    return load_pair


def _batch(rows, load, batch_size, drop_remainder):
    # Parallel, yet in order: the batches are the same on every machine.
    examples = rows.map(load, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
    batches = examples.batch(batch_size, drop_remainder=drop_remainder)
    options = tf.data.Options()
    # Several workers each take their share of every batch: there are no files to
    # split between them.
    options.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    return batches.with_options(options).prefetch(tf.data.AUTOTUNE)
