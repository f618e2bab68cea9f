"""Writes results as Markdown, beside the paper's.

python -m tools.tabulate --results=runs/a/results.jsonl,runs/b/results.jsonl
"""

import pathlib

from absl import flags

from keras_posegan import command_line, input_error

_RESULTS = flags.DEFINE_list("results", [], "Files that evaluate wrote: results.jsonl.")
_OUTPUT = flags.DEFINE_string("output", "", "Markdown to write; empty: print it.")
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace --output if it exists.")
_PAPER = flags.DEFINE_bool("paper", True, "Add the paper's numbers, marked so.")


def main() -> None:
    """Writes or prints the tables."""
    from keras_posegan.evaluation import result_rows
    from tools import result_table

    if not _RESULTS.value:
        raise input_error.InputError("--results is missing.")
    output = pathlib.Path(_OUTPUT.value)
    if _OUTPUT.value and output.exists() and not _OVERWRITE.value:
        raise input_error.InputError(f"--output={output}: exists; see --overwrite.")
    rows = [row for path in _RESULTS.value for row in result_rows.read(path)]
    text = result_table.markdown(rows, _PAPER.value)
    if not _OUTPUT.value:
        print(text, end="")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise input_error.InputError(f"--output={output}: {error}") from error
    print(f"Wrote {output}")


if __name__ == "__main__":
    command_line.run(main)
