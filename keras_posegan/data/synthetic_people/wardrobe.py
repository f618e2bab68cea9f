"""What makes a person recognisable: skin, hair, garments, shoes, bags."""

import colorsys
import dataclasses

import numpy as np

from keras_posegan.data.synthetic_people import appearance, cloth

_SKINS = (
    (0.96, 0.80, 0.69),
    (0.91, 0.72, 0.58),
    (0.84, 0.63, 0.47),
    (0.72, 0.50, 0.35),
    (0.55, 0.36, 0.25),
    (0.40, 0.26, 0.18),
)
_HAIRS = (
    (0.06, 0.05, 0.05),
    (0.12, 0.08, 0.06),
    (0.24, 0.15, 0.09),
    (0.38, 0.22, 0.11),
    (0.55, 0.36, 0.16),
    (0.80, 0.63, 0.34),
    (0.62, 0.25, 0.10),
    (0.58, 0.57, 0.56),
)
_HAIR_WEIGHTS = (0.26, 0.2, 0.16, 0.1, 0.08, 0.08, 0.06, 0.06)
# Hue, saturation, value of common cloth.
_CLOTHS = (
    (0.00, 0.82, 0.80),
    (0.97, 0.60, 0.88),
    (0.06, 0.85, 0.92),
    (0.13, 0.82, 0.95),
    (0.24, 0.65, 0.72),
    (0.36, 0.75, 0.50),
    (0.45, 0.65, 0.66),
    (0.52, 0.65, 0.82),
    (0.58, 0.78, 0.80),
    (0.63, 0.78, 0.52),
    (0.74, 0.55, 0.66),
    (0.86, 0.60, 0.72),
    (0.94, 0.75, 0.42),
    (0.08, 0.55, 0.45),
    (0.10, 0.30, 0.80),
    (0.00, 0.00, 0.94),
    (0.00, 0.00, 0.94),
    (0.60, 0.06, 0.60),
    (0.60, 0.10, 0.16),
)
_LEGWEARS = (
    (0.61, 0.62, 0.42),
    (0.60, 0.45, 0.62),
    (0.62, 0.35, 0.22),
    (0.60, 0.12, 0.12),
    (0.60, 0.05, 0.42),
    (0.10, 0.36, 0.72),
    (0.08, 0.52, 0.42),
    (0.22, 0.35, 0.36),
    (0.00, 0.00, 0.90),
    (0.98, 0.70, 0.55),
    (0.46, 0.60, 0.42),
    (0.12, 0.62, 0.80),
)
_BOLD_KINDS = ("stripes", "pinstripes", "checks", "dots", "block", "mottled")


def sample_appearance(
    rng: np.random.Generator, feminine: float
) -> appearance.Appearance:
    """Draws a wardrobe; `feminine` (0 to 1) shifts what is likely, forbids little."""
    skin = _jitter(rng, _SKINS[rng.integers(len(_SKINS))], 0.02)
    woman = rng.random() < 0.12 + 0.76 * feminine
    if woman:
        hair_style = _choice(rng, ("long", "ponytail", "bob", "bun", "short"))
        bottom_kind = _choice(rng, ("slim", "trousers", "shorts", "skirt", "skirt"))
    else:
        hair_style = _choice(rng, ("short",) * 5 + ("cropped",) * 6 + ("bald",))
        bottom_kind = _choice(rng, ("trousers", "trousers", "slim", "shorts", "shorts"))
    hair = _HAIRS[rng.choice(len(_HAIRS), p=_HAIR_WEIGHTS)]

    top = _sample_cloth(rng, _CLOTHS, 0.55)
    sleeves = _choice(rng, ("none", "short", "short", "long", "long"))
    if sleeves == "none" and not woman and rng.random() < 0.6:
        sleeves = "short"
    bottom = _sample_cloth(rng, _LEGWEARS, 0.12)
    if bottom_kind == "skirt":
        bottom = _sample_cloth(rng, _CLOTHS, 0.3)
        if rng.random() < 0.45:  # A dress.
            bottom = top
    for _ in range(8):  # Trousers of the shirt's colour would hide the waist.
        if bottom is top or np.abs(np.subtract(bottom.colour, top.colour)).sum() > 0.5:
            break
        bottom = dataclasses.replace(bottom, colour=_cloth_colour(rng, _LEGWEARS))
    jacket = sleeves == "long" and top.kind in ("plain", "checks")
    inner = _contrast(rng, top.colour) if jacket and rng.random() < 0.5 else None
    logo = None
    if inner is None and top.kind in ("plain", "mottled") and rng.random() < 0.6:
        logo = _contrast(rng, top.colour)
    bag = _choice(rng, ("none", "none", "backpack", "shoulder", "handbag"))
    shoe = _choice(rng, ((0.1, 0.1, 0.1), (0.92, 0.92, 0.92), (0.42, 0.26, 0.15), None))
    return appearance.Appearance(
        skin=skin,
        hair=_jitter(rng, hair, 0.02),
        hair_style=hair_style,
        beard=not woman and rng.random() < 0.25,
        hat=_cloth_colour(rng, _CLOTHS) if rng.random() < 0.14 else None,
        top=top,
        sleeves=sleeves,
        tucked=rng.random() < (0.5 if woman else 0.25),
        inner=inner,
        logo=logo,
        bottom_kind=bottom_kind,
        bottom=bottom,
        bottom_length=rng.uniform(0.55, 0.8) if woman else rng.uniform(0.8, 1.0),
        shoe=shoe or _cloth_colour(rng, _CLOTHS),
        sole=_choice(rng, ((0.9, 0.9, 0.88), (0.12, 0.12, 0.12))),
        sock=_choice(rng, ((0.93, 0.93, 0.93), (0.15, 0.15, 0.17), skin)),
        bag=bag,
        bag_colour=_cloth_colour(rng, _CLOTHS),
        bag_side=int(rng.integers(2)),
    )


def _choice(rng, values):
    """One of some values, all equally likely."""
    return values[rng.integers(len(values))]


def _jitter(rng, colour, sigma):
    """A colour near another, of nearly the same hue."""
    shifted = np.multiply(colour, rng.normal(1, 3 * sigma)) + rng.normal(0, 0.006, 3)
    return tuple(float(c) for c in np.clip(shifted, 0.02, 0.98))


def _cloth_colour(rng, palette):
    """A colour of a palette of (hue, saturation, value), with some play."""
    hue, saturation, value = _choice(rng, palette)
    return colorsys.hsv_to_rgb(
        (hue + rng.normal(0, 0.015)) % 1,
        float(np.clip(saturation + rng.normal(0, 0.05), 0, 1)),
        float(np.clip(value + rng.normal(0, 0.05), 0.05, 0.97)),
    )


def _contrast(rng, colour):
    """A cloth's colour that stands out against another."""
    candidates = [_cloth_colour(rng, _CLOTHS) for _ in range(5)]
    return max(candidates, key=lambda c: np.abs(np.subtract(c, colour)).sum())


def _sample_cloth(rng, palette, bold):
    """Cloth of a palette, with a pattern in a fraction `bold` of draws."""
    colour = _cloth_colour(rng, palette)
    kind = _choice(rng, _BOLD_KINDS) if rng.random() < bold else "plain"
    return cloth.Cloth(kind, colour, _contrast(rng, colour), rng.uniform(0.05, 0.085))
