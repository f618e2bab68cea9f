"""Strips of pictures side by side, as programs of this field write their results.

Two ways to name a strip are in use, FROM and TO being the names of the source and the
target picture:

    FROM___TO_vis.png   Zhu et al. (PATN) and the programs built on theirs, and ours
    FROM_TO.png         Siarohin et al. (Deformable GAN); FROM and TO end in .jpg

and so are several orders. Deformable GAN's strips are source, target, generated; those
of PATN have five panels: source, its pose, target, its pose, generated.
"""

import pathlib
import re
from collections.abc import Sequence

import numpy as np
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import dataset_check

PANELS = ("source", "target", "generated")
_SUFFIXES = (".png", ".jpg", ".jpeg")
_SEPARATOR = "___"
_SEPARATED = re.compile(f"(.+){_SEPARATOR}(.+)_vis")
_JOINED = re.compile(r"(.+\.(?:jpe?g|png))_(.+\.(?:jpe?g|png))", re.IGNORECASE)
_FORMATS = ("JPEG", "PNG")


class StripFolder:
    """The strips of a folder; other files than pictures are left alone.

    Args:
        folder: where they lie.
        panels: what each strip shows from left to right, all equally wide: `target`
            and `generated` once each, `source` at most once; every other word is a
            panel that is not looked at.

    Attributes:
        names: (source, target) of each strip, by the file names in sorted order.
        image_size: (height, width) of a panel.

    Raises:
        input_error.InputError: if there are no strips, `panels` lacks one, or a file's
            name does not tell the pair, it cannot be split, it differs in size from
            the others, or two show one pair.
    """

    def __init__(self, folder: pathlib.Path, panels: Sequence[str] = PANELS):
        counts = {name: panels.count(name) for name in PANELS}
        if counts["target"] != 1 or counts["generated"] != 1 or counts["source"] > 1:
            raise input_error.InputError(
                "--strip_panels: must list `target` and `generated` once each, and "
                f"`source` at most once. Received: {','.join(panels)!r}"
            )
        if not folder.is_dir():
            raise input_error.InputError(f"--strips={folder}: no such folder.")
        self._panels = panels
        self._paths = {}
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() not in _SUFFIXES:
                continue
            pair = _pair(path)
            if pair in self._paths:
                raise input_error.InputError(
                    f"{path}: shows the pair of {self._paths[pair].name}."
                )
            self._paths[pair] = path
        if not self._paths:
            raise input_error.InputError(f"--strips={folder}: holds no pictures.")
        self._folder = folder
        self.names = list(self._paths)
        self.image_size = self._checked_size()

    def select(self, names: Sequence[tuple[str, str]], pairs_file: str) -> None:
        """Keeps the pairs of a list, in its order.

        Args:
            names: the pairs to keep.
            pairs_file: where they stand, for an error.

        Raises:
            input_error.InputError: if pairs of the list have no strip.
        """
        missing = [pair for pair in names if pair not in self._paths]
        if missing:
            first = "; ".join(f"{source} -> {target}" for source, target in missing[:3])
            raise input_error.InputError(
                f"--strips={self._folder}: has no strip of {len(missing)} of the "
                f"{len(names)} pairs of {pairs_file}: {first}"
                + ("; ..." if missing[3:] else "")
            )
        self.names = list(names)

    def read(self, pair: tuple[str, str]) -> dict[str, np.ndarray]:
        """The panels of a pair's strip, by name: uint8 (H, W, 3) each.

        Raises:
            input_error.InputError: if the file is damaged.
        """
        height, width = self.image_size
        strip = dataset_check.read_picture(
            self._paths[pair], (height, width * len(self._panels))
        )
        return {
            name: strip[:, index * width : (index + 1) * width]
            for index, name in enumerate(self._panels)
            if name in PANELS
        }

    def fingerprint(self) -> list:
        """Name, bytes and time of every strip: changes when one is written anew."""
        stats = [(path.name, path.stat()) for path in self._paths.values()]
        return [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats]

    def _checked_size(self):
        """The size of every panel; only the pictures' heads are read."""
        sizes = {path: _size(path) for path in self._paths.values()}
        first, (height, width) = next(iter(sizes.items()))
        if width % len(self._panels):
            raise input_error.InputError(
                f"{first}: {width} pixels wide, which cannot be split into the "
                f"{len(self._panels)} panels of --strip_panels={','.join(self._panels)}"
            )
        for path, size in sizes.items():
            if size != (height, width):
                raise input_error.InputError(
                    f"{path}: {size[0]} pixels high and {size[1]} wide, but "
                    f"{first.name} is {height} high and {width} wide."
                )
        return height, width // len(self._panels)


def write(
    folder: pathlib.Path,
    names: Sequence[tuple[str, str]],
    panels: Sequence[np.ndarray],
) -> None:
    """Writes a batch of strips, `FROM___TO_vis.png`.

    Args:
        folder: where to; made if need be.
        names: (source, target) of each.
        panels: uint8 (B, H, W, 3) each, from left to right.
    """
    folder.mkdir(exist_ok=True)
    strips = np.concatenate(panels, axis=2)
    for (source, target), strip in zip(names, strips, strict=True):
        Image.fromarray(strip).save(folder / f"{source}{_SEPARATOR}{target}_vis.png")


def _pair(path):
    """(source, target) that a strip's name tells."""
    name = path.stem
    match = (_SEPARATED if _SEPARATOR in name else _JOINED).fullmatch(name)
    if not match or name.count(_SEPARATOR) > 1:
        raise input_error.InputError(
            f"{path}: a strip must be named FROM___TO_vis.png, or FROM_TO.png where "
            "both names end in .jpg or .png."
        )
    return match[1], match[2]


def _size(path):
    """(height, width), from the head of the file."""
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            return picture.size[::-1]
    except Exception as error:  # A damaged file makes Pillow raise nearly anything.
        reason = " ".join(str(error).split())
        raise input_error.InputError(f"cannot read picture {path}: {reason}") from error
