"""A model of MoveNet's shapes that finds red rectangles instead of people.

Its joints lie around the centre of the square's red, in units of its standard
deviation: where the rectangle is known, so are the joints. Its scores are those given,
times the share of the rectangle's green, times min(1, the rectangle's height / 0.7 of
the square), times the share of blue that is missing where there is least missing: a
square that is blue everywhere has no person in it.
"""

import functools

import numpy as np

# COCO's 17 joints of a person who faces the camera: x and y.
OFFSETS = np.array(
    [
        *[(0.0, -1.4), (0.2, -1.5), (-0.2, -1.5), (0.4, -1.4), (-0.4, -1.4)],
        *[(0.9, -0.9), (-0.9, -0.9), (1.2, -0.3), (-1.2, -0.3)],
        *[(1.4, 0.2), (-1.4, 0.2), (0.6, 0.3), (-0.6, 0.3)],
        *[(0.7, 0.9), (-0.7, 0.9), (0.8, 1.6), (-0.8, 1.6)],
    ],
    np.float32,
)
SCORES = np.full(17, 0.9, np.float32)


@functools.cache
def _convert(offsets, scores, dtype):
    import tensorflow as tf

    places = np.frombuffer(offsets, np.float32).reshape(17, 2)
    values = np.frombuffer(scores, np.float32)
    centres = tf.constant(np.arange(192) + 0.5, tf.float32)

    @tf.function(input_signature=[tf.TensorSpec((1, 192, 192, 3), dtype)])
    def find(pixels):
        red, green, blue = tf.unstack(tf.cast(pixels[0], tf.float32) / 255.0, axis=-1)
        columns, rows = tf.reduce_sum(red, 0), tf.reduce_sum(red, 1)
        moments = []
        for weights in (rows, columns):
            weights /= tf.reduce_sum(weights) + 1e-6
            mean = tf.reduce_sum(weights * centres)
            spread = tf.sqrt(tf.reduce_sum(weights * (centres - mean) ** 2))
            moments.append((mean, spread))
        (y, height), (x, width) = moments
        score = tf.reduce_max(green * tf.round(red)) * tf.minimum(
            1.0, height * np.sqrt(12.0) / 192 / 0.7
        )
        score *= 1.0 - tf.reduce_min(blue)
        joints = [
            (y + places[:, 1] * height) / 192,
            (x + places[:, 0] * width) / 192,
            score * values,
        ]
        return tf.reshape(tf.stack(joints, axis=-1), (1, 1, 17, 3))

    return tf.lite.TFLiteConverter.from_concrete_functions(
        [find.get_concrete_function()], find
    ).convert()


def write(path, offsets=OFFSETS, scores=SCORES, dtype="int32"):
    """Writes the `.tflite` file and returns its path."""
    offsets, scores = (np.asarray(each, np.float32) for each in (offsets, scores))
    path.write_bytes(_convert(offsets.tobytes(), scores.tobytes(), dtype))
    return path


def picture(size, rectangle, green=255, blue=0):
    """A picture with a person for this model.

    Args:
        size: (height, width).
        rectangle: (left, top, right, bottom).
        green: how sure the model shall be, 0 to 255.
        blue: of all pixels.
    """
    pixels = np.zeros((*size, 3), np.uint8)
    pixels[..., 2] = blue
    left, top, right, bottom = rectangle
    pixels[top:bottom, left:right, :2] = (255, green)
    return pixels


def joints(rectangle, offsets=OFFSETS):
    """COCO's joints (17, 2), x and y, of the person in `picture`."""
    left, top, right, bottom = rectangle
    middle = np.array([left + right - 1, top + bottom - 1]) / 2
    return middle + np.array([right - left, bottom - top]) / np.sqrt(12) * offsets
