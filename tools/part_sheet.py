"""One pair's body parts and their warps as a sheet of pictures."""

import colorsys
import dataclasses

import numpy as np
import tensorflow as tf

from keras_posegan.layers import deformable_skip, projective_warp
from keras_posegan.pose import body_parts, drawing
from tools import picture_sheet

_OUTSIDE = 0.3  # Brightness of what lies outside a part.


@dataclasses.dataclass(frozen=True, eq=False)
class PartWarps:
    """What the deformable skip makes of a picture, part by part.

    Args:
        regions: bool (P, H, W), the pixels of the source picture that lie in each
            part: where the part's map takes its mask.
        masks: bool (P, H, W), where each part lies in the target picture.
        warped: uint8 (P, H, W, 3), the source picture read through each part's map,
            black outside its mask.
        maximum: uint8 (H, W, 3), the maximum over the parts.
    """

    regions: np.ndarray
    masks: np.ndarray
    warped: np.ndarray
    maximum: np.ndarray


def part_warps(
    source_image: np.ndarray,
    source_keypoints: np.ndarray,
    target_keypoints: np.ndarray,
    interpolation: str = "bilinear",
) -> PartWarps:
    """Warps a picture as the generator's deformable skips warp feature maps.

    Everything is the project's own: `body_parts`, `projective_warp` and, for the
    maximum, `DeformableSkip`, at the picture's size. A feature map has values of
    either sign where a picture has none below 0: there the maximum over parts takes
    the brightest.

    Args:
        source_image: uint8 (H, W, 3).
        source_keypoints: (18, 3), x, y in pixels and visible.
        target_keypoints: likewise.
        interpolation: see `DeformableSkip`.
    """
    image_size = source_image.shape[:2]
    poses = (
        tf.constant(keypoints, tf.float32)[None]
        for keypoints in (source_keypoints, target_keypoints)
    )
    transforms = body_parts.part_transforms(*poses)
    masks = body_parts.part_masks(
        tf.constant(target_keypoints, tf.float32)[None], image_size
    )
    picture = tf.constant(source_image, tf.float32)[None]
    warped = projective_warp.projective_warp(picture, transforms, interpolation)[0]
    maximum = deformable_skip.DeformableSkip(image_size, interpolation)(
        picture, transforms, masks
    )[0]
    masks = tf.transpose(masks[0], (2, 0, 1)).numpy() > 0
    return PartWarps(
        regions=np.stack(
            [
                _region(transform, mask)
                for transform, mask in zip(transforms[0].numpy(), masks, strict=True)
            ]
        ),
        masks=masks,
        warped=_grey_levels(warped) * masks[..., None].astype(np.uint8),
        maximum=_grey_levels(maximum),
    )


def part_sheet(
    sample: dict[str, np.ndarray],
    generated: np.ndarray,
    interpolation: str = "bilinear",
) -> np.ndarray:
    """Draws one pair's ten parts.

    First the pair itself, its poses, the maximum over the parts and what the
    generator made of the pair; then a column a part: its region in the source
    picture, its mask in the target picture, and its warp. A part that is missing in
    either figure has no region, or nothing at all.

    Args:
        sample: a batch of one pair, as the data pipeline feeds it.
        generated: uint8 (H, W, 3), what the generator makes of it.
        interpolation: see `DeformableSkip`.

    Returns:
        uint8 (height, width, 3).
    """
    source, target = sample["source_image"][0], sample["target_image"][0]
    poses = sample["source_keypoints"][0], sample["target_keypoints"][0]
    warps = part_warps(source, *poses, interpolation)
    image_size = source.shape[:2]
    parts = list(zip(body_parts.PART_NAMES, _colors(), strict=True))
    return picture_sheet.picture_sheet(
        [
            (
                "The pair",
                [
                    ("source", source),
                    ("source pose", drawing.draw_skeleton(poses[0], image_size)),
                    ("target pose", drawing.draw_skeleton(poses[1], image_size)),
                    ("maximum of warps", warps.maximum),
                    ("generated", generated),
                    ("real", target),
                ],
            ),
            (
                "Each part in the source picture (a limb not seen there is taken "
                "from the other side)",
                [
                    (name, _highlight(source, region, color))
                    for (name, color), region in zip(parts, warps.regions, strict=True)
                ],
            ),
            (
                "Its mask in the target picture (dark: not seen there)",
                [
                    ("", _highlight(target, mask, color))
                    for (_, color), mask in zip(parts, warps.masks, strict=True)
                ],
            ),
            (
                "The source picture warped by the part's affine map, inside the mask",
                [("", picture) for picture in warps.warped],
            ),
        ]
    )


def _region(transform, mask):
    """The source pixels, (H, W), that a map reaches from inside a mask."""
    matrix = transform[[0, 1, 3, 4]].reshape(2, 2).astype(np.float64)
    if abs(np.linalg.det(matrix)) < 1e-6:  # A line at most.
        return np.zeros_like(mask)
    height, width = mask.shape
    rows, columns = np.indices(mask.shape)
    offsets = np.stack([columns - transform[2], rows - transform[5]])
    x, y = np.einsum("ij,jhw->ihw", np.linalg.inv(matrix), offsets)
    x, y = np.round(x).astype(int), np.round(y).astype(int)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return inside & mask[y.clip(0, height - 1), x.clip(0, width - 1)]


def _highlight(picture, region, color):
    """The picture, dark outside a region whose edge is drawn in a colour."""
    framed = np.pad(region, 1)
    inside = framed[:-2, 1:-1] & framed[2:, 1:-1] & framed[1:-1, :-2] & framed[1:-1, 2:]
    shown = np.where(region[..., None], picture, _OUTSIDE * picture)
    shown[region & ~inside] = color
    return shown.astype(np.uint8)


def _grey_levels(values):
    """Float values of a picture as uint8."""
    return np.round(np.clip(values, 0.0, 255.0)).astype(np.uint8)


def _colors():
    """A hue for each part."""
    hues = np.arange(body_parts.NUM_PARTS) / body_parts.NUM_PARTS
    return [
        tuple(round(255 * value) for value in colorsys.hsv_to_rgb(hue, 0.8, 1.0))
        for hue in hues
    ]
