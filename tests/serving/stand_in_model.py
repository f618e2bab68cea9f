"""A SavedModel with this project's signatures whose answers are plain arithmetic."""

import pathlib

import numpy as np
import tensorflow as tf

HEIGHT, WIDTH = 8, 4


def expected(image, source_keypoints, target_keypoints, version=1):
    """What `write`'s model draws of one person, in NumPy: uint8 (H, W, 3)."""
    shift = source_keypoints[0, 0] + 2 * target_keypoints[0, 0] + version
    return ((255 - image.astype(int) + int(shift)) % 256).astype(np.uint8)


def write(path: pathlib.Path, version: int = 1) -> None:
    """Writes the SavedModel; `version` changes what it draws."""
    module = tf.Module()
    keypoints = [
        tf.TensorSpec((None, 18, 3), tf.float32, name=f"{person}_keypoints")
        for person in ("source", "target")
    ]
    image_spec = tf.TensorSpec((None, HEIGHT, WIDTH, 3), tf.uint8, name="image")

    def check(**inputs):
        for name, value in inputs.items():
            visible = value[..., 2]
            tf.debugging.Assert(
                tf.reduce_all((visible == 0) | (visible == 1)),
                [f"Input `{name}` must have visibility 0 or 1."],
            )

    def draw(image, source_keypoints, target_keypoints):
        shift = source_keypoints[:, 0, 0] + 2 * target_keypoints[:, 0, 0] + version
        shift = tf.cast(shift, tf.int32)[:, None, None, None]
        return tf.cast((255 - tf.cast(image, tf.int32) + shift) % 256, tf.uint8)

    @tf.function(input_signature=[image_spec, *keypoints])
    def serving_default(image, source_keypoints, target_keypoints):
        check(source_keypoints=source_keypoints, target_keypoints=target_keypoints)
        return {"generated_image": draw(image, source_keypoints, target_keypoints)}

    @tf.function(
        input_signature=[tf.TensorSpec((None,), tf.string, "image_bytes"), *keypoints]
    )
    def generate_encoded(image_bytes, source_keypoints, target_keypoints):
        check(source_keypoints=source_keypoints, target_keypoints=target_keypoints)

        def decode(content):
            image = tf.io.decode_image(content, channels=3, expand_animations=False)
            image.set_shape((None, None, 3))
            return tf.image.resize(image, (HEIGHT, WIDTH), method="nearest")

        image = tf.map_fn(decode, image_bytes, fn_output_signature=tf.uint8)
        drawn = draw(image, source_keypoints, target_keypoints)
        encode = tf.map_fn(tf.io.encode_png, drawn, fn_output_signature=tf.string)
        return {"generated_bytes": encode}

    @tf.function(
        input_signature=[
            image_spec,
            keypoints[0],
            tf.TensorSpec((None, None, 18, 3), tf.float32, "target_keypoints"),
        ]
    )
    def repose(image, source_keypoints, target_keypoints):
        check(source_keypoints=source_keypoints)
        poses = tf.transpose(target_keypoints, (1, 0, 2, 3))
        drawn = tf.map_fn(
            lambda pose: draw(image, source_keypoints, pose),
            poses,
            fn_output_signature=tf.uint8,
        )
        return {"generated_images": tf.transpose(drawn, (1, 0, 2, 3, 4))}

    signatures = {
        "serving_default": serving_default,
        "generate_encoded": generate_encoded,
        "repose": repose,
    }
    tf.saved_model.save(module, str(path), signatures=signatures)
