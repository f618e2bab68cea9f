"""Estimates the poses of a folder of pictures and writes them as the field's CSV.

    python -m tools.annotate_keypoints --pictures_dir=photos \
        --output_csv=keypoints.csv --contact_sheet=keypoints.png

Of several people in a picture MoveNet takes one, mostly a large one near the middle;
it does not say that there are others: look at the contact sheet.

Started again, it goes on where it was. Pictures without a row are listed at the end
and in OUTPUT.failures.txt; the exit status is 1 if any could not be read.
"""

import os
import pathlib

from absl import flags

from keras_posegan import command_line, input_error

_PICTURES_DIR = flags.DEFINE_string(
    "pictures_dir", "", "Folder of the pictures; folders inside it are searched too."
)
_OUTPUT_CSV = flags.DEFINE_string(
    "output_csv", "", "Annotations to write; rows in it are kept."
)
_CONTACT_SHEET = flags.DEFINE_string(
    "contact_sheet", "", "PNG to write: 48 of the pictures with their skeletons."
)
_WORKERS = flags.DEFINE_integer(
    "workers", None, "Processes; one a core if not given.", lower_bound=1
)
_SHOWN = 20  # Failures; the file has them all.


def main() -> None:
    """Writes the annotations, the list of failures and the contact sheet."""
    for flag in (_PICTURES_DIR, _OUTPUT_CSV):
        if not flag.value:
            raise input_error.InputError(f"--{flag.name} is missing.")
    if _CONTACT_SHEET.value and not _CONTACT_SHEET.value.endswith(".png"):
        raise input_error.InputError(
            f"--contact_sheet={_CONTACT_SHEET.value}: must end in .png."
        )
    sheet_folder = pathlib.Path(_CONTACT_SHEET.value).parent
    if not sheet_folder.is_dir():
        raise input_error.InputError(
            f"--contact_sheet={_CONTACT_SHEET.value}: no folder {sheet_folder}."
        )
    from PIL import Image

    from keras_posegan.pose import keypoint_files
    from tools import annotation_sheet, picture_annotation

    failures = picture_annotation.annotate_folder(
        _PICTURES_DIR.value,
        _OUTPUT_CSV.value,
        _WORKERS.value or os.cpu_count(),
    )
    listed = pathlib.Path(f"{_OUTPUT_CSV.value}.failures.txt")
    lines = [f"{name}: no person" for name in failures.nobody]
    lines += [f"{name}: {reason}" for name, reason in failures.unreadable.items()]
    # Names of files may be no UTF-8.
    lines = [line.encode("utf-8", "backslashreplace").decode() for line in lines]
    listed.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for line in lines[-_SHOWN:]:
        print(line)
    has_rows = bool(keypoint_files.read_annotations(_OUTPUT_CSV.value)[0])
    if _CONTACT_SHEET.value and (has_rows or failures.nobody):
        sheet = annotation_sheet.annotation_sheet(
            _PICTURES_DIR.value, _OUTPUT_CSV.value, failures.nobody
        )
        try:
            Image.fromarray(sheet).save(_CONTACT_SHEET.value)
        except OSError as error:
            raise input_error.InputError(
                f"--contact_sheet={_CONTACT_SHEET.value}: {error}"
            ) from error
    print(f"wrote {_OUTPUT_CSV.value}; {len(lines)} pictures without a row: {listed}")
    if failures.unreadable:
        raise input_error.InputError(
            f"{len(failures.unreadable)} pictures of {_PICTURES_DIR.value} could not "
            f"be read: {listed}"
        )


if __name__ == "__main__":
    command_line.run(main)
