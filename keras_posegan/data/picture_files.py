"""Pictures of any kind that users have, as pixels.

The data sets' own pictures, all of one size, are read by `pipeline` and
`dataset_check`.
"""

import os
import warnings

import numpy as np
from PIL import Image, ImageOps

from keras_posegan import input_error

_LEAST_SIDE = 16  # Pixels. No person can be made out in less.
# What a picture's name ends with, and what Pillow calls its format. JPEG's reader
# opens MPO too. Pillow's other formats are documents, icons and drawings (EPS starts a
# program).
SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".ppm": "PPM",
    ".avif": "AVIF",
}
_FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))
_PAPER = (255, 255, 255)


def read_any_picture(path: str | os.PathLike) -> np.ndarray:
    """Reads a photo as it is meant to be looked at.

    EXIF rotation is applied. Every colour mode becomes RGB (`to_rgb`). A phone's MPO
    file holds one photo and previews of it: the photo is taken.

    Args:
        path: a JPEG, PNG, WebP, GIF, BMP, TIFF, PPM or AVIF file.

    Returns:
        uint8 `(height, width, 3)`.

    Raises:
        InputError: naming the file, if it is missing, damaged, truncated or no such
            file, holds several pictures (an animation), has a side under 16 pixels
            or more pixels than Pillow's limit, 89 million.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            file = Image.open(path, formats=_FORMATS)
        with file:
            pictures = getattr(file, "n_frames", 1)
            if pictures > 1 and file.format != "MPO":
                raise input_error.InputError(
                    f"picture {path}: needs one picture. Received: {file.format} of "
                    f"{pictures} pictures"
                )
            if min(file.size) < _LEAST_SIDE:
                raise input_error.InputError(
                    f"picture {path} must be at least {_LEAST_SIDE} pixels wide and "
                    f"high. Received: {file.width} wide, {file.height} high"
                )
            return to_rgb(ImageOps.exif_transpose(file))
    except input_error.InputError:
        raise
    except FileNotFoundError as error:
        raise input_error.InputError(f"no picture {path}") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise input_error.InputError(
            f"picture {path} has more than {Image.MAX_IMAGE_PIXELS:,} pixels: make it "
            "smaller"
        ) from error
    except Image.UnidentifiedImageError as error:
        raise input_error.InputError(
            f"{path} is no picture of a known kind: {', '.join(_FORMATS)}"
        ) from error
    except Exception as error:  # A damaged file makes Pillow raise nearly anything.
        reason = " ".join(str(error).split())
        raise input_error.InputError(f"cannot read picture {path}: {reason}") from error


def to_rgb(picture: Image.Image) -> np.ndarray:
    """A Pillow picture's RGB pixels.

    What is see-through shows white paper behind it. 16 bits are scaled to 8. CMYK is
    converted without a colour profile.

    Args:
        picture: of any mode except floating point, whose range is not known.

    Returns:
        uint8 `(height, width, 3)`.

    Raises:
        ValueError: for a floating point picture.
    """
    if picture.mode == "F":
        raise ValueError("pictures of floating point numbers are not supported")
    if picture.mode.startswith("I"):  # 16 bits; Pillow keeps some in 32.
        grey = np.clip(np.asarray(picture, np.int64), 0, 65535)
        grey = np.round(grey / 257).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=-1)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, _PAPER)
        picture = Image.alpha_composite(paper, picture)
    return np.array(picture.convert("RGB"))
