"""The signatures of the exported model: what a client can ask of it."""

import tensorflow as tf

from export import encoded_pictures, request_checks
from keras_posegan.models import pixels, reposing
from keras_posegan.pose import skeleton


def input_shapes(image_size: tuple[int, int]) -> dict[str, dict[str, tuple]]:
    """What each signature takes; None is any number of examples, then of poses.

    serving_default   image uint8, keypoints float32, one target a picture
                      -> generated_image uint8 (B, H, W, 3)
    generate_encoded  image_bytes string: JPEG or PNG files of any size, and
                      keypoints in their pixels
                      -> generated_bytes string (B,): PNG of (H, W)
    repose            T targets a picture, whose appearance is encoded once
                      -> generated_images uint8 (B, T, H, W, 3)
    """
    picture, pose = (None, *image_size, 3), (None, skeleton.NUM_JOINTS, 3)
    one_target = {"source_keypoints": pose, "target_keypoints": pose}
    return {
        "serving_default": {"image": picture, **one_target},
        "generate_encoded": {"image_bytes": (None,), **one_target},
        "repose": {
            "image": picture,
            "source_keypoints": pose,
            "target_keypoints": (None, *pose),
        },
    }


def build(
    generator, image_size: tuple[int, int]
) -> dict[str, tf.types.experimental.PolymorphicFunction]:
    """Makes the functions behind the signatures, by name.

    Each is traced for inputs of any rank, so that its checks see what was sent, and
    not what the signature promises.

    Args:
        generator: see `build_generator`.
        image_size: (height, width) of its pictures.
    """
    shapes = input_shapes(image_size)
    encoder, painter = reposing.split(generator)

    def draw(image, source_keypoints, target_keypoints):
        inputs = {
            "source_image": pixels.to_network_range(image),
            "source_keypoints": source_keypoints,
            "target_keypoints": target_keypoints,
        }
        return pixels.to_grey_levels(generator(inputs, training=False))

    @tf.function(input_signature=_any_rank("image", tf.uint8))
    def serving_default(image, source_keypoints, target_keypoints):
        image, *poses = _right_shapes(
            shapes["serving_default"], image, source_keypoints, target_keypoints
        )
        poses = _usable(poses, image_size)
        return {"generated_image": draw(image, *poses)}

    @tf.function(input_signature=_any_rank("image_bytes", tf.string))
    def generate_encoded(image_bytes, source_keypoints, target_keypoints):
        encoded = _right_shapes(
            shapes["generate_encoded"], image_bytes, source_keypoints, target_keypoints
        )
        pose = tf.TensorSpec((skeleton.NUM_JOINTS, 3), tf.float32)
        image, *poses = tf.map_fn(
            lambda example: encoded_pictures.decode(
                example[0], example[1:], image_size, "image_bytes"
            ),
            encoded,
            fn_output_signature=[tf.TensorSpec((*image_size, 3), tf.uint8), pose, pose],
            parallel_iterations=1,  # One large picture in memory at a time.
        )
        poses = _usable(poses, image_size)
        return {"generated_bytes": tf.io.encode_png(draw(image, *poses))}

    @tf.function(input_signature=_any_rank("image", tf.uint8))
    def repose(image, source_keypoints, target_keypoints):
        image, *poses = _right_shapes(
            shapes["repose"], image, source_keypoints, target_keypoints
        )
        poses[1] = request_checks.without_padding(poses[1])
        poses = _usable(poses, image_size)
        image = pixels.to_network_range(image)

        def repose_one(example):
            one_of_each = (each[None] for each in example)
            drawn = reposing.repose(encoder, painter, *one_of_each)
            return pixels.to_grey_levels(drawn[0])

        # One person after the other: a server may have joined many requests, and
        # memory grows with the poses of one alone.
        drawn = tf.map_fn(
            repose_one,
            (image, *poses),
            fn_output_signature=tf.TensorSpec((None, *image_size, 3), tf.uint8),
            parallel_iterations=1,
        )
        return {"generated_images": drawn}

    return {each.__name__: each for each in (serving_default, generate_encoded, repose)}


def _any_rank(name, dtype):
    keypoints = ("source_keypoints", "target_keypoints")
    specs = [(name, dtype), *((each, tf.float32) for each in keypoints)]
    return [tf.TensorSpec(None, dtype, name=name) for name, dtype in specs]


def _right_shapes(shapes, *values):
    """The values, each of its shape, and all of one batch size."""
    (first_name, *_), checked = shapes, []
    for (name, shape), value in zip(shapes.items(), values, strict=True):
        value = request_checks.checked_shape(value, name, shape)
        if checked:
            value = request_checks.checked_batch(value, name, checked[0], first_name)
        checked.append(value)
    return checked


def _usable(poses, image_size):
    """Source and target keypoints, if a pose can be computed from each."""
    names = ("source_keypoints", "target_keypoints")
    return [
        request_checks.checked_poses(pose, name, image_size)
        for name, pose in zip(names, poses, strict=True)
    ]
