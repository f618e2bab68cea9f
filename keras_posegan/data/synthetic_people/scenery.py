"""The six places that the cameras watch, and what stands in the way there."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_WIDE = 10  # A scene is this many pictures wide ...
_TALL = 1.16  # ... and this much higher than one.
NUM_OBSTACLES = 10


def draw_scene(
    index: int, image_size: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """Draws one place with nobody in it.

    Args:
        index: 0 to 5: a garden wall, a street, a glass front, steps, a bicycle
            fence, a park.
        image_size: (height, width) of the pictures cut from it.
        rng: draws the details.

    Returns:
        (1.16 height, 10 width, 3) float32 in [0, 1].
    """
    height, width = round(image_size[0] * _TALL), image_size[1] * _WIDE
    canvas = Image.new("RGB", (width, height), (150, 150, 150))
    draw = ImageDraw.Draw(canvas)
    (_garden, _street, _glass_front, _steps, _fence, _park)[index](
        draw, width, height, rng
    )
    canvas = canvas.filter(ImageFilter.GaussianBlur(image_size[0] / 160))
    scene = np.asarray(canvas, np.float32) / 255
    # Stains, large and small, in brightness.
    for cells, strength in ((10, 0.05), (60, 0.04), (height, 0.03)):
        stains = rng.normal(0, strength, (cells, cells * width // height))
        stains = Image.fromarray(stains.astype(np.float32)).resize(
            (width, height), Image.Resampling.BICUBIC
        )
        scene = scene * (1 + np.asarray(stains)[..., None])
    return np.clip(scene, 0, 1).astype(np.float32)


def draw_obstacle(
    index: int, image_size: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """Draws something that stands between camera and person.

    Args:
        index: 0 to NUM_OBSTACLES - 1; what it is.
        image_size: (height, width) in pixels.
        rng: draws place and colour.

    Returns:
        (height, width, 4) float32 in [0, 1], the last channel its opacity.
    """
    height, width = (4 * side for side in image_size)
    canvas = Image.new("RGBA", (width, height), (90, 90, 90, 0))
    draw = ImageDraw.Draw(canvas)
    colour = (*(int(c) for c in rng.integers(40, 190, 3)), 255)
    kind = index % 4
    if kind == 0:  # A pole.
        x = width * rng.uniform(0.12, 0.88)
        thick = width * rng.uniform(0.04, 0.09)
        draw.rectangle((x, 0, x + thick, height), fill=(95, 98, 102, 255))
        draw.rectangle((x, 0, x + thick / 4, height), fill=(140, 143, 146, 255))
    elif kind == 1:  # A bicycle parked in front of the legs.
        _bicycle(draw, width * rng.uniform(-0.2, 0.6), height, width * 0.3, colour)
    elif kind == 2:  # A bin or a box.
        x, top = width * rng.uniform(-0.1, 0.6), height * rng.uniform(0.62, 0.85)
        draw.rectangle((x, top, x + width * 0.45, height), fill=colour)
        dark = (*(c * 2 // 3 for c in colour[:3]), 255)
        draw.rectangle((x, top, x + width * 0.45, top + height * 0.03), fill=dark)
    else:  # A hedge.
        top = height * rng.uniform(0.78, 0.9)
        for x in np.arange(-0.1, 1.1, 0.08) * width:
            green = int(rng.integers(80, 120))
            size = width * rng.uniform(0.1, 0.18)
            draw.ellipse(
                (x - size, top + size * 0.1, x + size, top + 2.2 * size + height * 0.2),
                fill=(green // 2, green, green // 3, 255),
            )
    canvas = canvas.resize(image_size[::-1], Image.Resampling.BOX)
    return np.asarray(canvas, np.float32) / 255


def _vary(rng, colour, spread=10):
    """A colour near another, as Pillow wants it."""
    shift = rng.normal(0, spread)
    return tuple(int(np.clip(c + shift, 0, 255)) for c in colour)


def _paving(draw, width, height, top, rng, colour, joint):
    """Slabs on the ground, smaller with distance, from `top` down."""
    y, row = float(top), height * 0.02
    while y < height:
        slab = row * 2.4
        x = -rng.uniform(0, slab)
        while x < width:
            draw.rectangle((x, y, x + slab, y + row), fill=_vary(rng, colour, 5))
            draw.line((x, y, x, y + row), fill=joint)
            x += slab
        draw.line((0, y, width, y), fill=joint)
        y += row
        row *= 1.22


def _bicycle(draw, x, height, size, colour):
    """Two wheels and a frame; x is the left edge, `size` a wheel's diameter."""
    y = height * 0.98 - size
    line = max(1, int(size / 12))
    for left in (x, x + 1.5 * size):
        draw.ellipse(
            (left, y, left + size, y + size), outline=(25, 25, 28, 255), width=line
        )
        for step in range(4):
            angle = step * np.pi / 4
            dx, dy = size / 2 * np.cos(angle), size / 2 * np.sin(angle)
            draw.line(
                (
                    left + size / 2 - dx,
                    y + size / 2 - dy,
                    left + size / 2 + dx,
                    y + size / 2 + dy,
                ),
                fill=(120, 120, 125, 255),
            )
    hub, saddle = (x + size / 2, y + size / 2), (x + size * 0.8, y - size * 0.35)
    crank, bar = (x + 1.1 * size, y + size / 2), (x + 1.75 * size, y - size * 0.4)
    front = (x + 2 * size, y + size / 2)
    for a, b in ((hub, saddle), (saddle, crank), (crank, bar), (bar, front)):
        draw.line(a + b, fill=colour, width=line)
    draw.line((hub, crank), fill=colour, width=line)
    draw.line((saddle, bar), fill=colour, width=line)


def _garden(draw, width, height, rng):
    """A brick wall with plants above it, paving in front."""
    draw.rectangle((0, 0, width, height), fill=(96, 118, 74))
    for _ in range(width // 3):
        x, y = rng.uniform(0, width), rng.uniform(0, height * 0.25)
        size = rng.uniform(0.02, 0.07) * height
        draw.ellipse(
            (x - size, y - size, x + size, y + size), fill=_vary(rng, (70, 112, 52), 22)
        )
    top, bottom = int(height * 0.22), int(height * 0.55)
    draw.rectangle((0, top, width, bottom), fill=(120, 96, 84))
    brick = height // 22
    for row, y in enumerate(range(top, bottom, brick)):
        for x in range(-2 * brick, width, 2 * brick):
            left = x + (row % 2) * brick
            draw.rectangle(
                (left, y, left + 2 * brick - 2, y + brick - 2),
                fill=_vary(rng, (158, 104, 84), 9),
            )
    draw.rectangle((0, bottom, width, bottom + height // 26), fill=(104, 132, 72))
    _paving(
        draw,
        width,
        height,
        bottom + height // 26,
        rng,
        (172, 166, 156),
        (140, 134, 126),
    )


def _street(draw, width, height, rng):
    """Asphalt with markings, a kerb, a hedge and parked cars behind."""
    draw.rectangle((0, 0, width, height), fill=(178, 190, 198))
    draw.rectangle((0, 0, width, height * 0.2), fill=(120, 138, 118))
    x = 0.0
    while x < width:
        long = height * rng.uniform(0.5, 0.8)
        colour = tuple(int(c) for c in rng.integers(50, 200, 3))
        y = height * 0.2
        draw.rounded_rectangle(
            (x + long * 0.2, y, x + long * 0.8, y + height * 0.14), 8, fill=(48, 56, 62)
        )
        draw.rounded_rectangle(
            (x, y + height * 0.08, x + long, y + height * 0.2), 6, fill=colour
        )
        for wheel in (0.12, 0.72):
            left = x + wheel * long
            draw.ellipse(
                (left, y + height * 0.15, left + height * 0.09, y + height * 0.24),
                fill=(24, 24, 24),
            )
        x += long * rng.uniform(1.1, 2.0)
    draw.rectangle((0, height * 0.42, width, height * 0.46), fill=(188, 186, 180))
    draw.rectangle((0, height * 0.46, width, height), fill=(98, 100, 106))
    for x in range(0, width, height // 2):
        left = x + rng.uniform(-8, 8)
        draw.polygon(
            [
                (left, height * 0.72),
                (left + height * 0.2, height * 0.72),
                (left + height * 0.24, height * 0.8),
                (left - height * 0.02, height * 0.8),
            ],
            fill=(206, 206, 198),
        )


def _glass_front(draw, width, height, rng):
    """A building's windows between pillars, light stone in front."""
    draw.rectangle((0, 0, width, height), fill=(196, 192, 184))
    bay = height // 2
    for x in range(0, width, bay):
        tone = _vary(rng, (86, 110, 128), 14)
        draw.rectangle((x + bay * 0.16, 0, x + bay, height * 0.5), fill=tone)
        light = _vary(rng, (138, 160, 174), 10)
        draw.polygon(
            [
                (x + bay * 0.3, 0),
                (x + bay * 0.55, 0),
                (x + bay * 0.4, height * 0.5),
                (x + bay * 0.18, height * 0.5),
            ],
            fill=light,
        )
        draw.line((x + bay * 0.58, 0, x + bay * 0.58, height * 0.5), fill=(66, 70, 76))
    draw.rectangle((0, height * 0.5, width, height * 0.54), fill=(150, 144, 136))
    _paving(draw, width, height, height * 0.54, rng, (206, 198, 184), (178, 170, 158))


def _steps(draw, width, height, rng):
    """Broad stone steps with a rail."""
    y, row = 0.0, height * 0.07
    while y < height:
        draw.rectangle((0, y, width, y + row), fill=_vary(rng, (128, 130, 134), 4))
        draw.rectangle((0, y + row * 0.62, width, y + row), fill=(88, 90, 96))
        y += row
        row *= 1.12
    for x in range(height // 3, width, height):
        for offset in (0, height * 0.06):
            draw.line(
                (x + offset, 0, x + offset + height * 0.16, height * 0.6),
                fill=(58, 60, 64),
                width=max(1, height // 60),
            )


def _fence(draw, width, height, rng):
    """Bars with bicycles before them, a dark building behind, red paving."""
    draw.rectangle((0, 0, width, height * 0.5), fill=(112, 118, 116))
    for x in range(0, width, int(height * 0.8)):
        tone = _vary(rng, (84, 90, 92), 12)
        draw.rectangle((x, 0, x + height * 0.4, height * 0.5), fill=tone)
    for x in range(0, width, max(4, height // 16)):
        draw.line((x, height * 0.16, x, height * 0.5), fill=(52, 62, 58), width=2)
    draw.line((0, height * 0.18, width, height * 0.18), fill=(52, 62, 58), width=3)
    _paving(draw, width, height, height * 0.5, rng, (164, 132, 120), (136, 108, 98))
    x = 0.0
    while x < width:
        colour = tuple(int(c) for c in rng.integers(40, 200, 3))
        _bicycle(draw, x, height * 0.6, height * 0.2, colour)
        x += height * rng.uniform(0.6, 1.1)


def _park(draw, width, height, rng):
    """Trees and lawn in the shade, a sand path."""
    draw.rectangle((0, 0, width, height), fill=(58, 84, 56))
    for _ in range(width // 2):
        x, y = rng.uniform(0, width), rng.uniform(0, height * 0.34)
        size = rng.uniform(0.03, 0.09) * height
        draw.ellipse(
            (x - size, y - size, x + size, y + size), fill=_vary(rng, (52, 80, 48), 16)
        )
    x = 0.0
    while x < width:
        thick = height * rng.uniform(0.03, 0.07)
        draw.rectangle((x, 0, x + thick, height * 0.44), fill=(74, 58, 44))
        x += height * rng.uniform(0.3, 0.7)
    draw.rectangle((0, height * 0.36, width, height * 0.56), fill=(92, 126, 66))
    draw.rectangle((0, height * 0.56, width, height), fill=(164, 148, 118))
