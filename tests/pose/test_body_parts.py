"""Tests of the body parts against DGAN's own numbers and NumPy's least squares."""

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.pose import body_parts, skeleton
from tests.pose import keypoint_cases

IMAGE_SIZE = (128, 64)
TORSO_AND_FACES = (
    (0, skeleton.TORSO),
    (1, (*skeleton.FACE, skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER)),
)
BODY, HEAD, RIGHT_UPPER_ARM = 0, 1, 6


@pytest.fixture(scope="module")
def golden():
    with np.load(keypoint_cases.GOLDEN) as arrays:
        masks = np.unpackbits(arrays["masks"], axis=-1)
        return {
            "source": keypoint_cases.from_field(arrays["source_keypoints_yx"]),
            "target": keypoint_cases.from_field(arrays["target_keypoints_yx"]),
            "transforms": arrays["transforms"],
            "masks": masks.transpose(0, 2, 3, 1),
        }


def _figure():
    """One figure with every joint, standing, facing the camera."""
    joints = {
        "nose": (32, 14),
        "neck": (32, 24),
        "right_shoulder": (24, 25),
        "right_elbow": (20, 42),
        "right_wrist": (18, 58),
        "left_shoulder": (40, 25),
        "left_elbow": (45, 41),
        "left_wrist": (46, 57),
        "right_hip": (27, 62),
        "right_knee": (26, 88),
        "right_ankle": (25, 114),
        "left_hip": (37, 62),
        "left_knee": (38, 89),
        "left_ankle": (40, 113),
        "right_eye": (30, 12),
        "left_eye": (34, 12),
        "right_ear": (27, 13),
        "left_ear": (37, 13),
    }
    points = [joints[name] for name in skeleton.JOINT_NAMES]
    return np.array([[(x, y, 1.0) for x, y in points]], "float32")


def _without(keypoints, *names):
    """The same figure, with joints missing and NaN in their place."""
    keypoints = keypoints.copy()
    for name in names:
        keypoints[:, skeleton.JOINT_NAMES.index(name)] = [np.nan, np.nan, 0.0]
    return keypoints


def _is_no_point(transforms):
    return np.all(transforms == np.array(body_parts.NO_POINT, "float32"), axis=-1)


class TestPartTransforms:
    def test_limbs_equal_dgan(self, golden):
        transforms = body_parts.part_transforms(golden["source"], golden["target"])
        np.testing.assert_allclose(
            transforms[:, 2:], golden["transforms"][:, 2:], atol=1e-3
        )

    def test_body_and_head_are_ordinary_least_squares(self, golden):
        source, target = golden["source"], golden["target"]
        transforms = body_parts.part_transforms(source, target).numpy()
        for person in range(len(source)):
            for part, joints in TORSO_AND_FACES:
                expected = _least_squares(source[person], target[person], joints)
                np.testing.assert_allclose(
                    transforms[person, part, :6], expected, atol=1e-3
                )

    def test_body_and_head_lie_near_dgan_inside_their_masks(self, golden):
        transforms = body_parts.part_transforms(golden["source"], golden["target"])
        for part, median, largest in ((BODY, 0.1, 1.6), (HEAD, 0.2, 9.5)):
            medians, maxima = [], []
            for ours, theirs, mask in zip(
                transforms.numpy()[:, part],
                golden["transforms"][:, part],
                golden["masks"][..., part],
                strict=True,
            ):
                distances = _distances_inside(ours, theirs, mask)
                medians.append(np.median(distances))
                maxima.append(distances.max())
            assert np.median(medians) < median
            assert np.max(maxima) < largest

    def test_a_figure_maps_to_itself_by_the_identity(self):
        transforms = body_parts.part_transforms(_figure(), _figure()).numpy()
        identity = np.tile([1, 0, 0, 0, 1, 0, 0, 0], (1, 10, 1))
        np.testing.assert_allclose(transforms, identity, atol=1e-4)

    def test_maps_the_target_to_the_source(self):
        target = _figure() + np.array([5.0, -3.0, 0.0], "float32")
        transforms = body_parts.part_transforms(_figure(), target).numpy()
        expected = np.tile([1, 0, -5, 0, 1, 3, 0, 0], (1, 10, 1))
        np.testing.assert_allclose(transforms, expected, atol=1e-4)

    def test_a_limb_missing_in_the_source_takes_the_opposite_limb(self):
        source = _without(_figure(), "right_elbow", "right_wrist")
        target = _figure()
        transforms = body_parts.part_transforms(source, target).numpy()
        upper_arm = transforms[0, RIGHT_UPPER_ARM, :6].reshape(2, 3)
        for right, left in (
            (skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER),
            (skeleton.RIGHT_ELBOW, skeleton.LEFT_ELBOW),
        ):
            moved = upper_arm @ [*target[0, right, :2], 1.0]
            np.testing.assert_allclose(moved, source[0, left, :2], atol=1e-3)

    def test_a_limb_missing_in_the_target_or_twice_in_the_source_has_no_point(self):
        lacking = _without(_figure(), "right_elbow")
        transforms = body_parts.part_transforms(_figure(), lacking).numpy()
        assert np.flatnonzero(_is_no_point(transforms[0])).tolist() == [6, 8]
        lacking = _without(_figure(), "right_elbow", "left_elbow")
        transforms = body_parts.part_transforms(lacking, _figure()).numpy()
        assert np.flatnonzero(_is_no_point(transforms[0])).tolist() == [6, 7, 8, 9]

    def test_a_head_without_a_common_face_joint_has_no_point(self):
        source = _without(_figure(), "nose", "right_eye", "right_ear")
        target = _without(_figure(), "left_eye", "left_ear")
        transforms = body_parts.part_transforms(source, target).numpy()
        assert np.flatnonzero(_is_no_point(transforms[0])).tolist() == [HEAD]

    def test_empty_figures_have_no_point_anywhere(self):
        empty = np.full((2, 18, 3), np.nan, "float32")
        empty[..., 2] = 0.0
        transforms = body_parts.part_transforms(empty, empty).numpy()
        assert np.all(_is_no_point(transforms))

    def test_one_visible_side_gives_the_scale(self):
        """Twice as large, with one hip unseen: still a zoom in both directions."""
        target = _without(_figure() * np.array([2.0, 2.0, 1.0], "float32"), "left_hip")
        source = _without(_figure(), "left_hip")
        transforms = body_parts.part_transforms(source, target).numpy()
        zoom = np.array([0.5, 0, 0, 0, 0.5, 0, 0, 0])
        for part in (2, 4, 5, 6, 7, 8, 9):
            np.testing.assert_allclose(transforms[0, part], zoom, atol=1e-4)
        transforms = body_parts.part_transforms(_figure(), target).numpy()
        right_side = np.linalg.norm(np.subtract((27, 62), (24, 25)))
        left_side = np.linalg.norm(np.subtract((37, 62), (40, 25)))
        both = np.sqrt((right_side**2 + left_side**2) / 2)
        across = np.linalg.det(transforms[0, 2, :6].reshape(2, 3)[:, :2]) / 0.5
        np.testing.assert_allclose(across, both / (2 * right_side), rtol=1e-4)

    def test_without_a_torso_in_either_figure_there_are_no_limbs(self):
        lacking = _without(_figure(), "right_hip", "left_hip")
        for source, target in ((lacking, _figure()), (_figure(), lacking)):
            transforms = body_parts.part_transforms(source, target).numpy()
            found = ~_is_no_point(transforms[0])
            assert np.flatnonzero(found).tolist() == [BODY, HEAD]

    def test_face_joints_in_line_keep_the_head_bounded(self):
        """Seen from the side, shoulders and face can fall on one line."""
        target = _figure()
        for joint in TORSO_AND_FACES[1][1]:
            target[0, joint, 0] = 30.0
        for tilt in (0.0, 1e-6, 1e-3, 0.05, 0.3):
            nearly = target.copy()
            nearly[0, skeleton.RIGHT_EYE, 0] += tilt
            transforms = body_parts.part_transforms(_figure(), nearly).numpy()
            head = transforms[0, HEAD, :6].reshape(2, 3)
            assert np.linalg.norm(head[:, :2], ord=2) < 2.0
            # Along the line it still is the fit: the head stays on the head.
            moved = head @ [30.0, 13.0, 1.0]
            assert np.linalg.norm(moved - [32.0, 13.0]) < 3.0

    def test_is_finite_for_nasty_input_in_graph_and_eagerly(self):
        source = keypoint_cases.nasty(seed=2, count=3000)
        target = keypoint_cases.nasty(seed=3, count=3000)
        in_graph = tf.function(body_parts.part_transforms)
        for function in (body_parts.part_transforms, in_graph):
            for first, second in ((source, target), (source, source)):
                transforms = function(first, second).numpy()
                assert np.all(np.isfinite(transforms))
                assert np.abs(transforms).max() < 1e9

    def test_rejects_keypoints_without_visibility(self):
        with pytest.raises(ValueError, match=r"shape=\(1, 18, 2\)"):
            body_parts.part_transforms(_figure(), _figure()[..., :2])


class TestPartMasks:
    def test_equal_dgan_in_nearly_all_pixels(self, golden):
        masks = body_parts.part_masks(golden["target"], IMAGE_SIZE).numpy()
        agreement = (masks == golden["masks"]).mean(axis=(1, 2))
        assert agreement.min() >= 0.995
        # On average far nearer: what is left is the edge of a rectangle.
        assert agreement.mean() > 0.9999

    def test_head_masks_equal_dgan_in_every_pixel(self, golden):
        masks = body_parts.part_masks(golden["target"], IMAGE_SIZE).numpy()
        np.testing.assert_array_equal(masks[..., HEAD], golden["masks"][..., HEAD])

    def test_a_limb_is_its_rectangle(self):
        masks = body_parts.part_masks(_figure(), IMAGE_SIZE).numpy()
        for part, start, end, extension in (
            (2, "right_hip", "right_knee", 0.1),
            (5, "left_knee", "left_ankle", 0.5),
            (9, "left_elbow", "left_wrist", 0.5),
        ):
            expected = _rectangle(_figure()[0], start, end, extension)
            np.testing.assert_array_equal(masks[0, ..., part], expected)

    def test_parts_that_the_target_lacks_are_empty(self):
        target = _without(_figure(), "right_knee", *_names(skeleton.FACE))
        masks = body_parts.part_masks(target, IMAGE_SIZE).numpy()
        is_empty = ~masks[0].any(axis=(0, 1))
        assert np.flatnonzero(is_empty).tolist() == [HEAD, 2, 4]

    def test_without_a_torso_only_the_body_is_left(self):
        target = _without(_figure(), *_names(skeleton.TORSO))
        masks = body_parts.part_masks(target, IMAGE_SIZE).numpy()
        assert np.all(masks[..., BODY] == 1.0)
        assert not np.any(masks[..., 1:])

    def test_is_zero_or_one_for_nasty_input_in_graph_and_eagerly(self):
        target = keypoint_cases.nasty(seed=4, count=600)
        in_graph = tf.function(body_parts.part_masks)
        for function in (body_parts.part_masks, in_graph):
            masks = function(target, (24, 16)).numpy()
            assert np.all((masks == 0.0) | (masks == 1.0))


def test_keeps_static_shapes_of_an_unknown_batch():
    @tf.function(input_signature=[tf.TensorSpec((None, 18, 3))] * 2)
    def shapes(source, target):
        transforms = body_parts.part_transforms(source, target)
        masks = body_parts.part_masks(target, IMAGE_SIZE)
        assert transforms.shape.as_list() == [None, 10, 8]
        assert masks.shape.as_list() == [None, 128, 64, 10]
        return transforms, masks

    shapes(_figure(), _figure())


def test_converts_to_tflite_builtins():
    @tf.function(input_signature=[tf.TensorSpec((1, 18, 3))] * 2)
    def geometry(source, target):
        transforms = body_parts.part_transforms(source, target)
        return transforms, body_parts.part_masks(target, IMAGE_SIZE)

    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [geometry.get_concrete_function()]
    )
    # Builtins are all that is allowed unless one asks for more.
    assert converter.convert()


def _names(joints):
    return [skeleton.JOINT_NAMES[joint] for joint in joints]


def _least_squares(source, target, joints):
    """The affine map of one part by `numpy.linalg.lstsq`, in float64."""
    common = [joint for joint in joints if source[joint, 2] and target[joint, 2]]
    points = target[common, :2].astype("float64")
    design = np.column_stack([points, np.ones(len(common))])
    images = source[common, :2].astype("float64")
    return np.linalg.lstsq(design, images, rcond=None)[0].T.ravel()


def _distances_inside(first, second, mask):
    """How far two maps send the same pixel apart, for each pixel of a mask."""
    rows, columns = np.nonzero(mask)
    pixels = np.column_stack([columns, rows, np.ones(len(rows))])
    difference = (first[:6] - second[:6]).reshape(2, 3)
    return np.linalg.norm(pixels @ difference.T, axis=1)


def _rectangle(keypoints, start, end, extension):
    """A limb's mask, one pixel at a time."""
    points = dict(zip(skeleton.JOINT_NAMES, keypoints[:, :2].tolist(), strict=True))

    def between(first, second):
        return np.subtract(points[second], points[first])

    sides = ("right_hip", "right_shoulder"), ("left_hip", "left_shoulder")
    squares = [np.sum(between(*side) ** 2) for side in sides]
    half_width = 0.2 * np.sqrt(np.mean(squares))
    limb = between(start, end)
    first = points[start] - 0.1 * limb
    last = points[end] + extension * (points[end] - first)
    length = np.linalg.norm(last - first)
    direction = (last - first) / length
    mask = np.zeros(IMAGE_SIZE)
    for y, x in np.ndindex(IMAGE_SIZE):
        offset = np.array([x, y]) - first
        along = offset @ direction
        across = offset @ [-direction[1], direction[0]]
        mask[y, x] = 0 <= along <= length and abs(across) <= half_width
    return mask
