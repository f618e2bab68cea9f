"""Lists the pairs of pictures of one person.

python -m tools.make_pairs --data_dir=market1501 --split=test --output=pairs-test.csv
"""

from absl import flags

from keras_posegan import command_line, input_error

_DATA_DIR = flags.DEFINE_string("data_dir", "", "Data set whose pairs to list.")
_SPLIT = flags.DEFINE_enum("split", "test", ["train", "test"], "Of --data_dir.")
_ANNOTATIONS = flags.DEFINE_string(
    "annotations", "", "Annotation CSV, instead of --data_dir and --split."
)
_OUTPUT = flags.DEFINE_string("output", "", "CSV of pairs to write.")
_SAMPLE = flags.DEFINE_integer(
    "sample", 0, "Draw so many pairs (the field: 12000); 0: all.", lower_bound=0
)
_SAMPLE_SEED = flags.DEFINE_integer("sample_seed", 0, "Of the draw.", 0, 2**32 - 1)
_VALIDATION_OUTPUT = flags.DEFINE_string(
    "validation_output", "", "CSV for pairs of people kept out of --output."
)
_VALIDATION_PAIRS = flags.DEFINE_integer(
    "validation_pairs", 2000, "About how many of the pairs go there.", lower_bound=1
)
_SPLIT_SEED = flags.DEFINE_integer("split_seed", 0, "Of who goes there.", 0, 2**32 - 1)
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace existing files.")


def main() -> None:
    """Writes the lists and prints their lengths."""
    from keras_posegan.data import market1501, pair_lists

    if bool(_DATA_DIR.value) == bool(_ANNOTATIONS.value):
        raise input_error.InputError("give either --data_dir or --annotations.")
    if flags.FLAGS["validation_pairs"].present and not _VALIDATION_OUTPUT.value:
        raise input_error.InputError("--validation_pairs needs --validation_output.")
    if not _OUTPUT.value:
        raise input_error.InputError("--output is missing.")
    counts = pair_lists.write_pair_lists(
        _ANNOTATIONS.value or market1501.annotation_file(_DATA_DIR.value, _SPLIT.value),
        _OUTPUT.value,
        sample=_SAMPLE.value,
        sample_seed=_SAMPLE_SEED.value,
        validation_output=_VALIDATION_OUTPUT.value or None,
        validation_pairs=_VALIDATION_PAIRS.value,
        split_seed=_SPLIT_SEED.value,
        overwrite=_OVERWRITE.value,
    )
    for path, count in counts.items():
        print(f"{path}: {count} pairs")


if __name__ == "__main__":
    command_line.run(main)
