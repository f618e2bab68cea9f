"""Everything a run can be told, with its default, its help text and its limits.

A default stands here and nowhere else: `config_flags` makes one absl flag of every
field (`RunConfig.loss.neighborhood` is `--loss_neighborhood`), and a run writes the
values it used to `run_dir/config.json`, where evaluation and export read them.
"""

import dataclasses
import json
import math
import pathlib
from typing import Any

from keras_posegan import input_error


def _option(
    default: bool | int | float | str,
    help_text: str,
    *,
    choices: tuple[str, ...] | None = None,
    minimum: float | None = None,
    below: float = math.inf,
    may_change: bool = False,
) -> Any:
    """A field: its default, its help, its limits, and if a resume may change it."""
    metadata = {
        "help": help_text,
        "choices": choices,
        "minimum": minimum,
        "below": below,
        "may_change": may_change,
    }
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True)
class _Section:
    """A group of options; building one checks the limits of each."""

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            minimum, choices = field.metadata["minimum"], field.metadata["choices"]
            if type(value) is not type(field.default):
                self._refuse(field.name, f"must be {type(field.default).__name__}")
            below = field.metadata["below"]
            # Written so that NaN, which compares false to everything, is refused.
            if minimum is not None and not minimum <= value < below:
                self._refuse(
                    field.name, f"must be at least {minimum} and less than {below}"
                )
            if choices and value not in choices:
                self._refuse(field.name, f"must be one of {', '.join(choices)}")

    def _refuse(self, name: str, problem: str):
        """Raises; `config_flags` relies on the field's name coming first."""
        raise ValueError(
            f"`{name}` {problem}. Received: {name}={getattr(self, name)!r}"
        )


def parse_strides(text: str) -> tuple[int, ...]:
    """Reads a list of strides such as "2,1"; an empty text is an empty list.

    Raises:
        ValueError: if an entry is not a power of two, or stands twice.
    """
    strides = tuple(int(entry) for entry in text.split(",") if entry.strip())
    if any(s < 1 or s & (s - 1) for s in strides) or len(set(strides)) < len(strides):
        raise ValueError(f"Not a list of different powers of two: {text!r}")
    return strides


@dataclasses.dataclass(frozen=True)
class DataConfig(_Section):
    """Where the pictures lie and how large they are."""

    dir: str = _option("", "Folder in Market-1501's layout, annotations included.")
    image_height: int = _option(128, "Height of every picture, pixels.", minimum=16)
    image_width: int = _option(64, "Width of every picture, pixels.", minimum=16)
    train_pairs: str = _option(
        "", "CSV of training pairs (from,to); empty: all pairs of one person."
    )
    test_pairs: str = _option(
        "",
        "CSV of test pairs (from,to); empty: all pairs of one person.",
        may_change=True,
    )
    validation_pairs: str = _option(
        "",
        "CSV of pairs (from,to) of the test split's pictures, of people of no test "
        "pair: --train_select_by scores checkpoints on them. tools.make_pairs lists "
        "both (--validation_output).",
    )
    in_memory: bool = _option(
        False,
        "Decode every training picture once and keep it: 320 MB for Market-1501.",
        may_change=True,
    )

    @property
    def image_size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.image_height, self.image_width

    def __post_init__(self):
        super().__post_init__()
        height, width = self.image_size
        if height & (height - 1):
            self._refuse("image_height", "must be a power of two")
        if width % (height // 4):
            self._refuse(
                "image_width", f"must be a multiple of image_height / 4 = {height // 4}"
            )


@dataclasses.dataclass(frozen=True)
class ModelConfig(_Section):
    """The two networks (paper, section 3; Siarohin et al. where it is silent)."""

    width: float = _option(1.0, "Multiplier of every filter count.", minimum=0.01)
    generator_spectral_norm: bool = _option(
        True, "Spectral normalization of every convolution of the decoder."
    )
    discriminator_spectral_norm: bool = _option(
        True, "Spectral normalization of every convolution of the discriminator."
    )
    discriminator_instance_norm: bool = _option(
        False, "Instance norm in the discriminator; Deformable GAN has it."
    )
    generator_attention_strides: str = _option(
        "2,1",
        "Decoder levels followed by self-attention, as strides of the picture; "
        "the paper's last two blocks are '2,1'; empty: none.",
    )
    discriminator_attention_strides: str = _option(
        "8,16",
        "Discriminator levels followed by self-attention, as strides; the paper's "
        "last two blocks are '8,16'; empty: none.",
    )
    attention_reduction: int = _option(
        8, "Channels of the attention's keys are C divided by this.", minimum=1
    )
    attention_key_pooling: int = _option(
        1,
        "Side of the squares of positions whose keys and values are max-pooled: the "
        "paper's formula pools none (1), SAGAN's code pools by 2.",
        minimum=1,
    )
    warp_interpolation: str = _option(
        "bilinear",
        "How the deformable skips read between pixels; Deformable GAN: nearest.",
        choices=("bilinear", "nearest"),
    )
    warp_centre_aligned: bool = _option(
        True, "Scale affine maps about pixel centres; Deformable GAN: false."
    )
    warp_kernel: str = _option(
        "projective",
        "How deformable skips are computed, to the same numbers: projective (one op, "
        "for GPUs), sparse (only inside the masks, for CPUs) or plain (TFLite's own "
        "operations, for phones; export.tflite takes it by itself).",
        choices=("projective", "sparse", "plain"),
        may_change=True,
    )
    convolution_kernel: str = _option(
        "convolution",
        "How the generator's deep convolutions are computed, to the same numbers: "
        "convolution (one op each, for GPUs) or product (of matrices, for CPUs).",
        choices=("convolution", "product"),
        may_change=True,
    )
    precision: str = _option(
        "float32",
        "What the networks compute in: float32, or mixed_bfloat16 (weights, geometry, "
        "softmax, statistics and losses stay float32), faster and half the memory.",
        choices=("float32", "mixed_bfloat16"),
        may_change=True,
    )
    heatmap_sigma_pixels: float = _option(
        6.0, "Standard deviation of the keypoint heatmaps, pixels.", minimum=0.1
    )

    def __post_init__(self):
        super().__post_init__()
        for name in "generator_attention_strides", "discriminator_attention_strides":
            try:
                parse_strides(getattr(self, name))
            except ValueError:
                self._refuse(name, "must list different powers of two, such as '2,1'")


@dataclasses.dataclass(frozen=True)
class LossConfig(_Section):
    """The objective, eq. 9 of the paper."""

    adversarial: str = _option(
        "relativistic_average_hinge",
        "The adversarial loss; Deformable GAN: non_saturating.",
        choices=("relativistic_average_hinge", "hinge", "non_saturating"),
    )
    nearest_neighbor_weight: float = _option(
        1.0,
        "Of L_NN in eq. 9, where it is 1; with --loss_perceptual_features=pixels, 50 "
        "gives the paper's balance.",
        minimum=0.0,
    )
    generator_adversarial_weight: float = _option(
        50.0, "lambda 1 of eq. 9; fits ImageNet VGG19 features.", minimum=0.0
    )
    discriminator_adversarial_weight: float = _option(
        50.0, "lambda 2 of eq. 9.", minimum=0.0
    )
    neighborhood: int = _option(
        3, "Side of the nearest-neighbour window, odd; 3 Market, 5 fashion.", minimum=1
    )
    neighbor_anchor: str = _option(
        "target",
        "Whose positions are matched: target (paper) or generated (Deformable GAN).",
        choices=("target", "generated"),
    )
    perceptual_features: str = _option(
        "imagenet",
        "Features of the nearest-neighbour loss: imagenet (VGG19, downloaded by "
        "Keras), a .h5 or .npz file of VGG19 weights, pixels (the picture itself), or "
        "the SavedModel folder of tools.train_classifier (its first block).",
    )

    def __post_init__(self):
        super().__post_init__()
        if self.neighborhood % 2 == 0:
            self._refuse("neighborhood", "must be odd")


@dataclasses.dataclass(frozen=True)
class TrainConfig(_Section):
    """How long, how fast and how often."""

    steps: int = _option(
        50_000,
        "Steps to train: one update of each network is one.",
        minimum=1,
        may_change=True,
    )
    batch_size: int = _option(4, "Pairs a step, over all devices.", minimum=1)
    learning_rate: float = _option(2e-4, "Adam's, for both networks.", minimum=0.0)
    beta_1: float = _option(0.5, "Adam's, for both networks.", minimum=0.0, below=1.0)
    beta_2: float = _option(0.999, "Adam's, for both networks.", minimum=0.0, below=1.0)
    seed: int = _option(
        0, "Of weights, dropout and the order of pairs.", minimum=0, below=2**31
    )
    share_generated: bool = _option(
        True,
        "Both updates of a step use one generated batch; false: the generator's "
        "update draws its own dropout, as Deformable GAN's separate batches do.",
    )
    epoch_steps: int = _option(
        1000,
        "Steps of an epoch, after which a checkpoint and sample pictures are written.",
        minimum=1,
        may_change=True,
    )
    log_steps: int = _option(
        20, "Steps between rows of metrics.jsonl.", minimum=1, may_change=True
    )
    sample_pairs: int = _option(
        8, "Test pairs shown in the sample pictures.", minimum=1, may_change=True
    )
    mirrored: bool = _option(
        False, "Train on every GPU of this machine (MirroredStrategy)."
    )
    select_by: str = _option(
        "nothing",
        "What the best checkpoint is best in, on --data_validation_pairs: the paper's "
        "inception_score, frechet_distance or ssim; nothing: none is kept.",
        choices=("nothing", "inception_score", "frechet_distance", "ssim"),
    )
    select_steps: int = _option(
        1000,
        "Steps between the checkpoints that are scored; the last step is one, too.",
        minimum=1,
        may_change=True,
    )
    select_classifier: str = _option(
        "",
        "Classifier of inception_score and frechet_distance: the frozen Inception of "
        "2015, or a SavedModel.",
    )

    def __post_init__(self):
        super().__post_init__()
        needs_classifier = self.select_by in ("inception_score", "frechet_distance")
        if needs_classifier and not self.select_classifier:
            self._refuse(
                "select_classifier",
                f"must name the classifier of select_by={self.select_by}",
            )


@dataclasses.dataclass(frozen=True)
class RunConfig:
    """A whole run: `run_dir/config.json` holds one."""

    data: DataConfig = dataclasses.field(default_factory=DataConfig)
    model: ModelConfig = dataclasses.field(default_factory=ModelConfig)
    loss: LossConfig = dataclasses.field(default_factory=LossConfig)
    train: TrainConfig = dataclasses.field(default_factory=TrainConfig)

    def __post_init__(self):
        """Refuses what only two sections together get wrong."""
        if self.train.select_by != "nothing" and not self.data.validation_pairs:
            raise input_error.InputError(
                "--data_validation_pairs is empty: "
                f"--train_select_by={self.train.select_by} scores checkpoints on them."
            )


def sections() -> dict[str, type]:
    """The sections of a run by name, in order."""
    return {f.name: f.default_factory for f in dataclasses.fields(RunConfig)}


def write(config: RunConfig, path: pathlib.Path) -> None:
    """Writes a config as JSON, one object a section."""
    text = json.dumps(dataclasses.asdict(config), indent=2) + "\n"
    # Written beside its place first: a kill leaves the old file or the new one.
    partial = path.with_suffix(".partial")
    partial.write_text(text)
    partial.replace(path)


def read(path: pathlib.Path) -> RunConfig:
    """Reads what `write` wrote; options added since then take their defaults.

    Raises:
        input_error.InputError: if the file is missing or is not such a config; the
            message names the file and the option.
    """
    if not path.is_file():
        raise input_error.InputError(f"{path}: no such file; is this a run folder?")
    try:
        values = json.loads(path.read_text())
        unknown = set(values) - set(sections())
        if unknown:
            raise ValueError(f"Unknown section: {sorted(unknown)[0]!r}")
        return RunConfig(
            **{
                name: section(**values.get(name, {}))
                for name, section in sections().items()
            }
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise input_error.InputError(f"{path}: not a run's config: {error}") from error


def differences(old: RunConfig, new: RunConfig) -> list[str]:
    """The options, as flags, in which a resumed run may not differ but does."""
    return [
        f"--{name}_{field.name}: {old_value!r} in the run, {new_value!r} asked for"
        for name, section in sections().items()
        for field in dataclasses.fields(section)
        if not field.metadata["may_change"]
        for old_value in [getattr(getattr(old, name), field.name)]
        for new_value in [getattr(getattr(new, name), field.name)]
        if old_value != new_value
    ]
