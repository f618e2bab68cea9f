"""What lies beside the .tflite files: for programs, and for people."""

import hashlib
import json
import pathlib

from export.phone import frozen_graph, measured_run, status
from keras_posegan.pose import skeleton


def write(folder: pathlib.Path, image_size: tuple[int, int], report: dict) -> None:
    """Writes signature, skeleton, card, parity and checksums of all files.

    Args:
        folder: where the .tflite files are.
        image_size: (height, width) in pixels.
        report: what `parity.json` is to hold; see `tflite.export_tflite`.
    """
    _json(folder / "signature.json", _signature(image_size))
    _json(folder / "skeleton.json", _skeleton())
    _json(folder / "parity.json", report)
    (folder / "MODEL_CARD.md").write_text(_card(image_size, report))
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(folder.iterdir())
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))


def _json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def _signature(image_size):
    picture = {"type": "uint8", "shape": [1, *image_size, 3]}
    keypoints = {"type": "float32", "shape": [1, skeleton.NUM_JOINTS, 3]}
    order = "x, y in pixels of the picture (0 is the first pixel's centre), visible"
    return {
        "signature": frozen_graph.SIGNATURE,
        "inputs": {
            "image": {**picture, "meaning": "the person, RGB, rows from the top"},
            "source_keypoints": {**keypoints, "meaning": f"the person's pose: {order}"},
            "target_keypoints": {**keypoints, "meaning": f"the pose to draw: {order}"},
        },
        "outputs": {
            "generated_image": {**picture, "meaning": "the person in that pose, RGB"},
            "status": {"type": "int32", "shape": [1], "meaning": "0, or a sum of bits"},
        },
        "status_bits": {
            name: {"value": value, "meaning": status.MEANINGS[name]}
            for name, value in status.FLAGS.items()
        },
    }


def _skeleton():
    return {
        "joints": list(skeleton.JOINT_NAMES),
        "limbs": [list(limb) for limb in skeleton.LIMBS],
        "flip_pairs": [
            [joint, other] for joint, other in enumerate(skeleton.FLIP) if joint < other
        ],
    }


def _card(image_size, report):
    height, width = image_size
    rows = [f"| `{name}` | {_row(row)} |" for name, row in report["variants"].items()]
    return "\n".join(
        [
            "# keras_posegan on phones",
            "",
            "One picture of a person and a pose in; the same person in that pose out.",
            f"Pictures are {height} high and {width} wide, one a call. Inputs, outputs",
            "and the bits of `status`: `signature.json`; joints: `skeleton.json`.",
            f"Weights: step {report['step']} of the run `{report['run']}`.",
            "",
            f"Against Keras on {report['pairs']} pairs of people not trained on, with",
            f"LiteRT on {measured_run.THREADS} threads of this machine: "
            f"{report['machine']}.",
            "",
            "| file | MB | mean error | largest error | ms | peak MB |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            "Errors are in grey levels. Peak memory counts the file, XNNPACK's copy of",
            "the weights, and what a run adds.",
            "",
            "What it draws of a person is a guess, not a record of how they looked or",
            "moved. Use it with the consent of whom it shows.",
            "",
        ]
    )


def _row(row):
    if not row["written"]:
        return f"not written: {row['reason']} | | | |"
    numbers = [
        f"{row['megabytes']:.1f}",
        f"{row['mean_error']:.3f}",
        f"{row['max_error']}",
        f"{row['milliseconds']:.0f}",
    ]
    memory = row["peak_megabytes"]
    return " | ".join([*numbers, "-" if memory is None else f"{memory:.0f}"])
