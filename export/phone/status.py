"""What a phone is told about its inputs: a number of bit flags."""

import tensorflow as tf

from keras_posegan.pose import keypoint_tensors, skeleton

# Names and values of the flags, as `signature.json` lists them.
FLAGS = {
    "source_joint_ignored": 1,
    "target_joint_ignored": 2,
    "source_without_torso": 4,
    "target_without_torso": 8,
    "picture_not_finite": 16,
}
MEANINGS = {
    "source_joint_ignored": "a joint of source_keypoints is neither absent (visible "
    "0) nor usable (visible 1, x and y finite and within 10,000 pixels); it counts "
    "as absent unless its coordinates are usable and visible is positive",
    "target_joint_ignored": "the same of target_keypoints",
    "source_without_torso": "source_keypoints shows no shoulder and hip of one side: "
    "limbs cannot be mapped and contribute nothing",
    "target_without_torso": "the same of target_keypoints",
    "picture_not_finite": "the network drew NaN: those pixels are black",
}
_SIDES = (
    (skeleton.RIGHT_SHOULDER, skeleton.RIGHT_HIP),
    (skeleton.LEFT_SHOULDER, skeleton.LEFT_HIP),
)


def status(source_keypoints, target_keypoints, is_drawn):
    """The sum of the flags that hold.

    Args:
        source_keypoints, target_keypoints: float32 (B, 18, 3).
        is_drawn: bool (B, H, W, 3), whether a value of the picture is a number.

    Returns: int32 (B,); 0 where there is nothing to say.
    """
    holds = []
    for keypoints in (source_keypoints, target_keypoints):
        _, visible = keypoint_tensors.split_keypoints(keypoints)
        # Equal to 0 or to what counts; a comparison with NaN is false.
        flags = keypoints[..., 2]
        is_sound = tf.logical_or(
            tf.equal(flags, 0.0), tf.equal(flags, 1.0) & (visible > 0.0)
        )
        has_torso = tf.reduce_any(
            tf.stack([visible[:, a] * visible[:, b] > 0.0 for a, b in _SIDES]), axis=0
        )
        holds.append((~tf.reduce_all(is_sound, axis=1), ~has_torso))
    (source_joint, source_torso), (target_joint, target_torso) = holds
    not_finite = ~tf.reduce_all(is_drawn, axis=(1, 2, 3))
    in_order = (source_joint, target_joint, source_torso, target_torso, not_finite)
    return sum(
        tf.cast(flag, tf.int32) * value
        for flag, value in zip(in_order, FLAGS.values(), strict=True)
    )
