"""A dressed body: parts fastened to the frames of the skeleton, and their paint."""

import dataclasses

import numpy as np

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import outfit, rasterizer
from keras_posegan.data.synthetic_people import parts as parts_lib


@dataclasses.dataclass(frozen=True)
class Figure:
    """The parts of one person, before any pose; P parts.

    Args:
        names: of the parts.
        frames: (P, 3) int, the frames of the start, of the end, and of the ellipse.
        second_axis: (P,) int, 2 where the ellipse's second half axis is its
            frame's z, 1 where it is y (feet, the peak of a cap).
        start, end: (P, 3), in the axes of their frames, fractions of the height.
        radii: (P, 2), half axes for size 1.
        profile, caps, cutout: as in `parts.Parts`.
        bias: (P,), how far a part is drawn before its place, fractions of the height.
        atlas: (P * TEXTURE_SIZE, 3) float32, colours in [0, 1].
        opaque: (P * TEXTURE_SIZE,) bool, False in the holes.
    """

    names: tuple[str, ...]
    frames: np.ndarray
    second_axis: np.ndarray
    start: np.ndarray
    end: np.ndarray
    radii: np.ndarray
    profile: np.ndarray
    caps: np.ndarray
    cutout: np.ndarray
    bias: np.ndarray
    atlas: np.ndarray
    opaque: np.ndarray


def dress(body: body_lib.Body, appearance: appearance_lib.Appearance) -> Figure:
    """Puts clothes on a body.

    Args:
        body: the proportions.
        appearance: what the person wears.

    Returns:
        The `Figure`.
    """
    pieces = outfit.pieces(body, appearance)
    textures = np.stack([piece.texture for piece in pieces]).astype(np.float32)
    opaque = np.ones(textures.shape[:3], bool)
    for index, piece in enumerate(pieces):
        if piece.opaque is not None:
            opaque[index] = piece.opaque
    samples = np.linspace(0, 1, rasterizer.PROFILE_SAMPLES)
    return Figure(
        names=tuple(piece.name for piece in pieces),
        frames=np.array([piece.frames for piece in pieces], np.int64),
        second_axis=np.array([piece.second_axis for piece in pieces]),
        start=np.array([piece.start for piece in pieces]),
        end=np.array([piece.end for piece in pieces]),
        radii=np.float32([piece.radii for piece in pieces]),
        profile=np.stack(
            [np.interp(samples, *np.transpose(piece.profile)) for piece in pieces]
        ).astype(np.float32),
        caps=np.float32([piece.caps for piece in pieces]),
        cutout=np.array([piece.opaque is not None for piece in pieces]),
        bias=np.array([piece.bias for piece in pieces]),
        atlas=np.clip(textures.reshape(-1, 3), 0, 1),
        opaque=opaque.reshape(-1),
    )


def seen_parts(
    figure: Figure,
    axes: np.ndarray,
    origins: np.ndarray,
    rotation: np.ndarray,
    scale: np.ndarray,
    offset: np.ndarray,
) -> parts_lib.Parts:
    """Fastens a figure to a posed skeleton and turns it to the eye.

    Args:
        figure: P parts.
        axes: (18, 3, 3) of `body.place`.
        origins: (18, 3) of `body.place`.
        rotation: (3, 3), from the body's axes to the eye's.
        scale: (3,), pixels per height, per axis of the eye.
        offset: (3,), where the body's origin lies, in pixels.

    Returns:
        The `parts.Parts`.
    """
    turned = rotation @ axes
    view = scale[:, None] * turned
    at = (origins @ rotation.T) * scale + offset
    frame_start, frame_end, frame_axes = figure.frames.T
    start = at[frame_start] + np.einsum("pij,pj->pi", view[frame_start], figure.start)
    end = at[frame_end] + np.einsum("pij,pj->pi", view[frame_end], figure.end)
    bias = figure.bias[:, None] * np.array((0.0, 0.0, scale[2]))
    part = np.arange(len(figure.names))
    second = figure.second_axis
    directions = (end - start) / scale
    normals = np.stack(
        [
            turned[frame_axes][:, :, 0],
            turned[frame_axes][part, :, second],
            directions,
        ],
        axis=1,
    )
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    return parts_lib.Parts(
        start=start + bias,
        end=end + bias,
        first=view[frame_axes][:, :, 0] * figure.radii[:, :1],
        second=view[frame_axes][part, :, second] * figure.radii[:, 1:],
        normals=normals.astype(np.float32),
        aspect=figure.radii,
        profile=figure.profile,
        caps=figure.caps,
        cutout=figure.cutout,
    )
