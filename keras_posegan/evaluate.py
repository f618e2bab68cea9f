"""Measures a run: python -m keras_posegan.evaluate --run_dir=runs/demo.

Or pictures that any program wrote: --strips=FOLDER, with nothing trained.
"""

import json

from absl import flags

from keras_posegan import command_line, input_error, run_folder

_RUN_DIR = flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
_CHECKPOINT = flags.DEFINE_enum("checkpoint", "newest", ["newest", "best"], "Of a run.")
_DATA_DIR = flags.DEFINE_string("data_dir", "", "Other data than the run's.")
_SAVE_PICTURES = flags.DEFINE_bool(
    "save_pictures", False, "Keep the run's pictures, as strips in pictures_STEP/."
)
_STRIPS = flags.DEFINE_string(
    "strips", "", "Instead of a run, a folder of FROM___TO_vis.png or FROM_TO.png."
)
_STRIP_PANELS = flags.DEFINE_list(
    "strip_panels",
    ["source", "target", "generated"],
    "What a strip shows, from left to right; any other word is not looked at.",
)
_ANNOTATIONS = flags.DEFINE_string(
    "annotations", "", "CSV of the strips' targets' keypoints, for masked measures."
)
_PAIRS = flags.DEFINE_string(
    "pairs", "", "Other pairs than the run's, or fewer than all strips; a CSV."
)
_PROTOCOL = flags.DEFINE_enum("protocol", "dgan", ["dgan", "gfla"], "Whose measures.")
_CLASSIFIER = flags.DEFINE_string(
    "classifier", "", "Inception graph or SavedModel, for inception score and FID."
)
_CLASSIFIER_SHA256 = flags.DEFINE_string(
    "classifier_sha256", "", "What --classifier's must be; an Inception's is known."
)
_BATCH_SIZE = flags.DEFINE_integer("batch_size", 32, "Pairs at a time.", lower_bound=1)
_OF_RUNS = (_CHECKPOINT, _DATA_DIR, _SAVE_PICTURES)
_OF_STRIPS = (_STRIP_PANELS, _ANNOTATIONS)


def main() -> None:
    """Prints one JSON row and appends it to `results.jsonl` in the folder measured."""
    if bool(_RUN_DIR.value) == bool(_STRIPS.value):
        raise input_error.InputError("--run_dir or --strips: give one of the two.")
    given, others = (_RUN_DIR, _OF_STRIPS) if _RUN_DIR.value else (_STRIPS, _OF_RUNS)
    for flag in others:
        if flag.present:
            raise input_error.InputError(f"--{flag.name} is not for --{given.name}.")
    if given is _RUN_DIR:  # Refused before TensorFlow's seconds.
        run_folder.open_for_reading(_RUN_DIR.value)
    if given is _RUN_DIR or _CLASSIFIER.value:
        command_line.import_tensorflow()
    print(json.dumps(_run_row() if given is _RUN_DIR else _strips_row()))


def _run_row():
    from keras_posegan.evaluation import run_evaluation

    return run_evaluation.evaluate_run(
        _RUN_DIR.value,
        checkpoint=_CHECKPOINT.value,
        data_dir=_DATA_DIR.value,
        save_pictures=_SAVE_PICTURES.value,
        **_shared(),
    )


def _strips_row():
    from keras_posegan.evaluation import strips_evaluation

    return strips_evaluation.evaluate_strips(
        _STRIPS.value,
        panels=_STRIP_PANELS.value,
        annotations=_ANNOTATIONS.value,
        **_shared(),
    )


def _shared():
    """What both kinds of evaluation are asked for."""
    from keras_posegan.metrics import protocols

    classifier = None
    if _CLASSIFIER.value:
        from keras_posegan.metrics import classifiers

        classifier = classifiers.load(
            _CLASSIFIER.value, _CLASSIFIER_SHA256.value or None
        )
    return {
        "protocol": protocols.protocol(_PROTOCOL.value),
        "classifier": classifier,
        "pairs_file": _PAIRS.value,
        "batch_size": _BATCH_SIZE.value,
    }


if __name__ == "__main__":
    command_line.run(main)
