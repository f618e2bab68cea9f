"""Draws a person in another pose, by a server: python -m export.serving.client ...

python -m export.serving.client --server=grpc://localhost:8500 --source=photo.jpg \
    --source_keypoints=photo.json --target_keypoints=pose.json --output=out.png
"""

import io
import pathlib

import numpy as np
from absl import flags
from PIL import Image

from export.serving import endpoint_flags, posegan_client
from keras_posegan import command_line, input_error
from keras_posegan.pose import keypoint_files

flags.adopt_module_key_flags(endpoint_flags)
_SOURCE = flags.DEFINE_string("source", "", "Picture of the person: JPEG or PNG.")
_KEYPOINTS = "OpenPose or COCO-17 JSON, or annotations as FILE.csv or FILE.csv:NAME."
_SOURCE_KEYPOINTS = flags.DEFINE_string(
    "source_keypoints", "", f"The person's pose in that picture: {_KEYPOINTS}"
)
_TARGET_KEYPOINTS = flags.DEFINE_multi_string(
    "target_keypoints",
    [],
    f"The pose to draw, in that picture's pixels: {_KEYPOINTS} Given several times, "
    "all are drawn by one request; the picture must then have the model's size.",
)
_OUTPUT = flags.DEFINE_string(
    "output",
    "",
    "Picture to write, for example out.png; of several poses out_1.png, out_2.png, ...",
)
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace --output if it exists.")


def main() -> None:
    """Writes the picture, or one a pose."""
    endpoint = endpoint_flags.read()
    for flag in (_SOURCE, _SOURCE_KEYPOINTS, _TARGET_KEYPOINTS, _OUTPUT):
        if not flag.value:
            raise input_error.InputError(f"--{flag.name} is missing.")
    specs = _TARGET_KEYPOINTS.value
    outputs = _output_paths(pathlib.Path(_OUTPUT.value), len(specs))
    for output in outputs:
        if output.exists() and not _OVERWRITE.value:
            raise input_error.InputError(f"--output={output}: exists; see --overwrite.")
        if not output.parent.is_dir():
            raise input_error.InputError(f"--output={output}: no folder of this name.")
        if output.suffix.lower() not in Image.registered_extensions():
            raise input_error.InputError(f"--output={output}: no format of pictures.")
    source = pathlib.Path(_SOURCE.value)
    content, image = _read_picture(source)
    pose = keypoint_files.read_keypoints(_SOURCE_KEYPOINTS.value, source.name)
    targets = [keypoint_files.read_keypoints(spec) for spec in specs]
    if endpoint.is_grpc:
        command_line.import_tensorflow()
    with posegan_client.PoseGANClient(endpoint) as client:
        if len(targets) > 1:
            pictures = [
                Image.fromarray(drawn)
                for drawn in client.repose(image, pose, np.stack(targets))
            ]
        else:
            png = client.generate(content, pose, targets[0])
            pictures = [Image.open(io.BytesIO(png))]
    for output, picture in zip(outputs, pictures, strict=True):
        try:
            picture.save(output)
        except (OSError, ValueError) as error:
            raise input_error.InputError(f"--output={output}: {error}") from error
        print(f"Wrote {output}")


def _output_paths(path, count):
    """`out.png`, or `out_1.png`, `out_2.png`, ..."""
    if count == 1:
        return [path]
    return [path.with_stem(f"{path.stem}_{number + 1}") for number in range(count)]


def _read_picture(path):
    """A picture's bytes, and uint8 (height, width, 3); read to its last byte."""
    try:
        content = path.read_bytes()
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.mode == "P":  # Pillow warns of see-through palettes otherwise.
                picture = picture.convert("RGBA")
            return content, np.asarray(picture.convert("RGB"))
    except FileNotFoundError as error:
        raise input_error.InputError(f"no picture {path}") from error
    except Exception as error:  # A damaged file makes Pillow raise nearly anything.
        reason = " ".join(str(error).split())
        raise input_error.InputError(f"cannot read picture {path}: {reason}") from error


if __name__ == "__main__":
    command_line.run(main)
