"""How large a benchmark is."""

import dataclasses

from absl import flags


@dataclasses.dataclass(frozen=True)
class Size:
    """What every case is built for; the defaults are the paper's.

    Args:
        batch_size: pairs a step.
        width: multiplier of every filter count.
        image_height, image_width: pixels.
        perceptual_features: see `build_perceptual_features`.
    """

    batch_size: int = 4
    width: float = 1.0
    image_height: int = 128
    image_width: int = 64
    perceptual_features: str = "pixels"

    @property
    def image_size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.image_height, self.image_width

    def filters(self, count: int) -> int:
        """So many filters of the paper's in these networks."""
        return max(1, round(count * self.width))

    def arguments(self) -> list[str]:
        """The flags that say this size."""
        return [f"--{name}={value}" for name, value in dataclasses.asdict(self).items()]


def define_flags() -> None:
    """Defines one flag a field, with its default."""
    size = Size()
    flags.DEFINE_integer("batch_size", size.batch_size, "Pairs a step.", 1)
    flags.DEFINE_float("width", size.width, "Multiplier of every filter count.", 0.01)
    flags.DEFINE_integer("image_height", size.image_height, "Pixels.", 16)
    flags.DEFINE_integer("image_width", size.image_width, "Pixels.", 16)
    flags.DEFINE_string(
        "perceptual_features", size.perceptual_features, "As --loss_perceptual_features"
    )


def from_flags() -> Size:
    """The size that the flags say."""
    names = [field.name for field in dataclasses.fields(Size)]
    return Size(**{name: flags.FLAGS[name].value for name in names})
