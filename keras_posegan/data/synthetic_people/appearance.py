"""What a person looks like."""

import dataclasses

from keras_posegan.data.synthetic_people import cloth


@dataclasses.dataclass(frozen=True)
class Appearance:
    """Everything an identity wears, the same in all pictures of that identity.

    Args:
        skin, hair: RGB in [0, 1].
        hair_style: "bald", "cropped", "short", "bob", "long", "ponytail" or "bun".
        beard: whether the chin is bearded.
        hat: colour of a cap, or None.
        top: cloth of the upper garment.
        sleeves: "none", "short" or "long".
        tucked: whether the upper garment ends at the waist.
        inner: colour of a shirt under an open jacket, or None.
        logo: colour of a print on the breast, or None.
        bottom_kind: "trousers", "slim", "shorts" or "skirt".
        bottom: cloth of the lower garment; a dress has the upper one's.
        bottom_length: of shorts and skirts, over that of the thigh.
        shoe, sole, sock: RGB in [0, 1].
        bag: "none", "backpack", "shoulder" or "handbag".
        bag_colour: RGB in [0, 1].
        bag_side: 0 (right) or 1 (left).
    """

    skin: cloth.Colour
    hair: cloth.Colour
    hair_style: str
    beard: bool
    hat: cloth.Colour | None
    top: cloth.Cloth
    sleeves: str
    tucked: bool
    inner: cloth.Colour | None
    logo: cloth.Colour | None
    bottom_kind: str
    bottom: cloth.Cloth
    bottom_length: float
    shoe: cloth.Colour
    sole: cloth.Colour
    sock: cloth.Colour
    bag: str
    bag_colour: cloth.Colour
    bag_side: int
