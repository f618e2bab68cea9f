"""Measures .tflite files of untrained networks in LiteRT: size, time and memory.

    python -m tools.phone_benchmark --json=phones.json

Of the paper-size network, of the same one converted straightforwardly (the whole
attention, ten warped copies at once), and of flags/mobile.flags. Each file runs in
processes of its own, the files in turns, so that what else the machine does slows all
of them.
"""

import json
import pathlib
import statistics
import tempfile

from absl import flags

from keras_posegan import command_line, config_flags, input_error

NETWORKS = ("straightforward", "paper", "mobile")
VARIANTS = ("float32", "float16", "dynamic_int8")
_MOBILE_FLAGS = pathlib.Path(__file__).parents[1] / "flags" / "mobile.flags"
_PICTURES = 6


def run(
    networks: list[str],
    variants: list[str],
    rounds: int = 3,
    width: float = 1.0,
    image_size: tuple[int, int] = (128, 64),
    folder: pathlib.Path | None = None,
) -> list[dict]:
    """Converts and measures.

    Args:
        networks: of `NETWORKS`.
        variants: of `VARIANTS`.
        rounds: how many processes run each file, `_PICTURES` pictures each.
        width: of the first two networks.
        image_size: (height, width) of all networks' pictures, pixels.
        folder: where to keep the files; None: nowhere.

    Returns: a dict a file: `network`, `variant`, `megabytes` of the file, and of
        `measured_run.measure` the median time over the rounds, and the memory.
    """
    import numpy as np

    from export.phone import measured_run
    from tools.benchmarks import people
    from tools.benchmarks import size as size_lib

    size = size_lib.Size(_PICTURES, width, *image_size)
    batch = people.batch(size)
    with tempfile.TemporaryDirectory() as scratch:
        inputs, outputs = (
            pathlib.Path(scratch) / f"{name}.npz" for name in ("inputs", "outputs")
        )
        np.savez(
            inputs,
            image=batch["source_image"],
            source_keypoints=batch["source_keypoints"],
            target_keypoints=batch["target_keypoints"],
        )
        files = _files(networks, variants, size, folder or pathlib.Path(scratch))
        measured = {name: [] for name in files}
        for _ in range(rounds):
            for name, path in files.items():
                found = measured_run.in_fresh_process(path, inputs, outputs)
                measured[name].append(found)
        return [
            {
                "network": network,
                "variant": variant,
                "megabytes": path.stat().st_size / 1e6,
                "milliseconds": statistics.median(
                    each["milliseconds"] for each in found
                ),
                "peak_megabytes": found[0]["peak_megabytes"],
            }
            for (network, variant), path in files.items()
            for found in [measured[network, variant]]
        ]


def _files(networks, variants, size, folder):
    """Paths of the files written, by network and variant."""
    from export.phone import frozen_graph
    from export.phone import variants as variants_lib

    files = {}
    for network in networks:
        with tempfile.TemporaryDirectory() as scratch:
            saved = pathlib.Path(scratch) / "saved_model"
            frozen_graph.save(_generator(network, size), saved)
            for variant in variants:
                path = folder / f"{network}_{variant}.tflite"
                path.write_bytes(variants_lib.convert(variant, saved, {}))
                files[network, variant] = path
    return files


def _generator(network, size):
    """An untrained network in the form that is converted."""
    from keras_posegan.models import folding, from_config, phone_form
    from tools.benchmarks import straightforward
    from tools.benchmarks.cases import networks

    if network == "mobile":
        trainable = from_config.generator_from_config(_mobile_config(size.image_size))
    else:
        trainable = networks.generator_of(size)
    for weight in trainable.weights:
        if weight.path.endswith("gamma") and not weight.shape:
            weight.assign(0.5)  # Attention's; 0 could be left out.
    folded = folding.fold(trainable)
    if network == "straightforward":
        return straightforward.for_phones(folded)
    return phone_form.for_phones(folded)


def _mobile_config(image_size):
    """The run of flags/mobile.flags."""
    values = flags.FlagValues()
    config_flags.define(values)
    height, width = image_size
    sizes = [f"--data_image_height={height}", f"--data_image_width={width}"]
    # Nested flagfiles are named from the project's root.
    lines = values.read_flags_from_files([f"--flagfile={_MOBILE_FLAGS}"])
    values(["mobile", *lines, *sizes])
    return config_flags.read(values)


def main() -> None:
    """Measures what the flags say, and prints a line a file."""
    values = flags.FLAGS
    for name, chosen, known in (
        ("networks", values.networks, NETWORKS),
        ("variants", values.variants, VARIANTS),
    ):
        for each in chosen:
            if each not in known:
                raise input_error.InputError(f"--{name}: {each!r} is none of {known}.")
    command_line.import_tensorflow()
    rows = run(
        values.networks,
        values.variants,
        values.rounds,
        values.width,
        folder=pathlib.Path(values.folder) if values.folder else None,
    )
    for row in rows:
        peak = row["peak_megabytes"]
        print(
            f"{row['network']:17}{row['variant']:13}{row['megabytes']:8.1f} MB"
            f"{row['milliseconds']:9.1f} ms"
            + ("" if peak is None else f"{peak:8.0f} MB of memory")
        )
    if values.json:
        pathlib.Path(values.json).write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_list("networks", list(NETWORKS), f"Of {', '.join(NETWORKS)}.")
    flags.DEFINE_list("variants", list(VARIANTS), f"Of {', '.join(VARIANTS)}.")
    flags.DEFINE_integer("rounds", 3, "How many processes run each file.", 1)
    flags.DEFINE_float("width", 1.0, "Of all networks but mobile.", 0.01)
    flags.DEFINE_string("folder", "", "Where to keep the .tflite files; an old one.")
    flags.DEFINE_string("json", "", "File to write the rows to.")
    command_line.run(main)
