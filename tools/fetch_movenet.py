"""Gets the pose estimator, MoveNet SinglePose Lightning: python -m tools.fetch_movenet.

From Google's download (4.8 MB), or else from the npm package @vladmandic/human (29 MB),
whose TensorFlow.js model is converted. The file goes into the user's cache folder,
where `PoseEstimator` looks for it. npm's own variable NPM_CONFIG_REGISTRY names another
registry than npm's.
"""

import pathlib

from absl import flags

from keras_posegan import command_line, input_error
from keras_posegan.pose import movenet

_OUTPUT = flags.DEFINE_string(
    "output", "", "File to write; if not given, the one in the user's cache folder."
)
_FILE = flags.DEFINE_string(
    "file", "", "One of the two downloads, fetched by other means: nothing is fetched."
)
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace --output if it exists.")


def main() -> None:
    """Writes the file, unless it is there."""
    output = pathlib.Path(_OUTPUT.value or movenet.default_path())
    if output.exists() and not _OVERWRITE.value:
        movenet.load(output)
        unused = f"; --file={_FILE.value} is not used: see --overwrite"
        print(f"{output} is there already{unused if _FILE.value else ''}")
        return
    from tools import movenet_download

    model = (
        movenet_download.convert_file(_FILE.value)
        if _FILE.value
        else movenet_download.fetch(output)
    )
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        partial = output.with_name(f"{output.name}.partial")
        partial.write_bytes(model)
        movenet.load(partial)
        partial.replace(output)
    except OSError as error:
        raise input_error.InputError(
            f"cannot write {output}: {error.strerror}"
        ) from error
    print(f"wrote {output}")


if __name__ == "__main__":
    command_line.run(main)
