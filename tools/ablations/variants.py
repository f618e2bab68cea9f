"""The ablation's variants, and the flagfile that a run of one is trained by."""

import pathlib

from absl import flags

from keras_posegan import config, config_flags, input_error

# From the folder that holds flags/, as every flagfile's own flagfiles.
FOLDER = pathlib.Path("flags/ablation")
_BASE = "--flagfile=flags/market1501.flags"


def names() -> list[str]:
    """Every variant: the flagfiles of `flags/ablation/`, those of few parts first.

    Raises:
        input_error.InputError: if there is none.
    """
    found = [path.stem for path in FOLDER.glob("*.flags")]
    if not found:
        raise input_error.InputError(
            f"no flagfile in {FOLDER}: start this from the folder that holds flags/."
        )
    return sorted(found, key=lambda name: (name.count("_"), name))


def flagfile(variant: str, base: str = "", data_dir: str = "") -> str:
    """The text of the flagfile that a variant's runs are trained by.

    It is the variant's own, word for word, but for two things. The line that reads
    `flags/market1501.flags` reads `base` instead; what stands after it, the
    variant's own settings, still wins. `data_dir` is added at the end.

    Args:
        variant: of `names()`.
        base: a flagfile; empty: `flags/market1501.flags` stays.
        data_dir: the data set's folder; empty: what the flagfiles say.

    Raises:
        input_error.InputError: if there is no such variant, or the line to replace
            is missing.
    """
    if variant not in names():
        raise input_error.InputError(
            f"--variants: no variant {variant!r} in {FOLDER}, which has "
            + ", ".join(names())
        )
    path = FOLDER / f"{variant}.flags"
    lines = path.read_text().splitlines()
    if base:
        if lines.count(_BASE) != 1:
            raise input_error.InputError(
                f"{path}: --base replaces one line {_BASE}. "
                f"Received: {lines.count(_BASE)} of them"
            )
        lines[lines.index(_BASE)] = f"--flagfile={base}"
    if data_dir:
        lines.append(f"--data_dir={data_dir}")
    return "\n".join(lines) + "\n"


def run_config(text: str, seed: int) -> config.RunConfig:
    """The config that training has by a flagfile's text and `--train_seed=seed`.

    Raises:
        input_error.InputError: if a flag is unknown or wrong, or a flagfile in it
            cannot be read.
    """
    values = flags.FlagValues()
    config_flags.define(values)
    lines = [
        line.strip()
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith(("#", "//"))
    ]
    try:
        arguments = values.read_flags_from_files([*lines, f"--train_seed={seed}"])
        values(["train", *arguments])
    except flags.Error as error:
        raise input_error.InputError(f"a variant's flagfile: {error}") from error
    return config_flags.read(values)
