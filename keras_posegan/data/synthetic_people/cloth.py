"""What garments are made of."""

import dataclasses

Colour = tuple[float, float, float]


@dataclasses.dataclass(frozen=True)
class Cloth:
    """The stuff of a garment.

    Args:
        kind: "plain", "stripes" (around), "pinstripes" (along), "checks", "dots",
            "block" (another colour below the chest) or "mottled".
        colour, second: RGB in [0, 1]; `second` is that of the pattern.
        period: length of the pattern, in fractions of the wearer's height.
    """

    kind: str
    colour: Colour
    second: Colour
    period: float = 0.06
