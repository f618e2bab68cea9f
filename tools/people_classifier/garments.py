"""The classes of what a synthetic person wears: a top of a kind, with a bottom."""

import colorsys

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import cloth

# Two colours in equal parts have no one colour: there the pattern is the class.
PATTERNS = ("stripes", "pinstripes", "checks", "block")
COLOURS = ("white", "grey", "red", "orange", "green", "turquoise", "blue", "purple")
TOPS = COLOURS + PATTERNS
BOTTOMS = ("trousers", "shorts", "skirt")
CLASSES = tuple(f"{top} top, {bottom}" for top in TOPS for bottom in BOTTOMS)

# From where on the colour circle (red 0, green 1/3, blue 2/3) a colour has its name,
# in the gaps between the hues of the wardrobe.
_HUES = (
    (0.03, "orange"),
    (0.19, "green"),
    (0.41, "turquoise"),
    (0.55, "blue"),
    (0.69, "purple"),
    (0.90, "red"),
)


def top(appearance: appearance_lib.Appearance) -> int:
    """The class of the upper garment, an index of `TOPS`.

    It is the pattern, or, of plain, dotted and mottled cloth, the colour: "white" and
    "grey" (black included) without a hue, "orange" from brown to yellow.
    """
    worn = appearance.top
    return TOPS.index(worn.kind if worn.kind in PATTERNS else colour(worn.colour))


def bottom(appearance: appearance_lib.Appearance) -> int:
    """The class of the lower garment, an index of `BOTTOMS`."""
    kind = appearance.bottom_kind
    return BOTTOMS.index("trousers" if kind == "slim" else kind)


def joined(top, bottom):
    """The index in `CLASSES` of a top's and a bottom's, numbers or arrays of them."""
    return top * len(BOTTOMS) + bottom


def colour(rgb: cloth.Colour) -> str:
    """The name of a colour, one of `COLOURS`; RGB in [0, 1]."""
    hue, saturation, value = colorsys.rgb_to_hsv(*rgb)
    if saturation < 0.18:
        return "white" if value > 0.78 else "grey"
    names = [name for start, name in _HUES if start <= hue]
    return names[-1] if names else "red"
