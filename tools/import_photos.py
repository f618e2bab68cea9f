"""Makes a data set of your own photos: python -m tools.import_photos ...

    python -m tools.annotate_keypoints --pictures_dir=photos --output_csv=photos.csv
    python -m tools.import_photos --pictures_dir=photos --annotations=photos.csv \
        --output_dir=data

A folder in `photos` is a person; or the pictures have Market-1501's names.
"""

import csv
import math
import os
import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from absl import flags
from PIL import Image

from keras_posegan import command_line, input_error, new_folder, progress_line
from keras_posegan.data import market1501, pairs, person_photo, picture_files
from keras_posegan.pose import keypoint_files, skeleton

# Fewer people than these are too few to keep some back.
_PEOPLE_TO_SPLIT = 5
_MARKET_NAME = re.compile(r"(-1|\d{4})_c\d+s\d+_\d+_\d+\.jpg")
_JPEG_QUALITY = 95


def import_photos(
    pictures_dir: str | os.PathLike,
    annotations: str | os.PathLike,
    output_dir: str | os.PathLike,
    test_share: float = 0.2,
    image_size: tuple[int, int] = (128, 64),
) -> tuple[dict[str, list[str]], list[str]]:
    """Writes annotated photos as a data set in Market-1501's layout.

    Each person is cut out as `generate` cuts photos, see `person_photo`; a photo of
    the model's size stays as it is. Where there are at least five people, the last
    `test_share` of them are for tests; of fewer people, the last `test_share` of each
    one's pictures, if they have four. At least two are kept back, and two are left to
    train on: one is no pair. `names.csv` says which photo became which picture.

    Args:
        pictures_dir: the photos' folder. A photo's person is the first folder of its
            name, or the identity of a name as Market-1501 has them.
        annotations: the field's CSV, names relative to that folder. Photos without a
            row are left out, and so are those that cannot be read or lie outside
            their keypoints.
        output_dir: the folder to write; it appears whole or not at all.
        test_share: in (0, 1).
        image_size: (height, width).

    Returns:
        `(kept, faults)`: the pictures' names, by split; and one line for each photo
        that was left out.

    Raises:
        input_error.InputError: if the folder exists, or there would be no pair to
            train on or to test with.
    """
    new_folder.check(str(output_dir), "output_dir")
    names, keypoints = keypoint_files.read_annotations(annotations)
    if not names:
        raise input_error.InputError(f"--annotations={annotations}: holds no row.")
    new_names = _market_names(names)
    splits = _splits(new_names, test_share)
    _check_pairs(
        {new_names[name]: pose for name, pose in zip(names, keypoints, strict=True)},
        splits,
    )
    progress = progress_line.ProgressLine("photos", len(names))
    with new_folder.written(str(output_dir), "output_dir") as partial:
        cut, faults = {}, []
        for split in market1501.SPLITS:
            market1501.picture_folder(partial, split).mkdir(parents=True)
        for name, pose in zip(names, keypoints, strict=True):
            path = pathlib.Path(pictures_dir) / name
            try:
                photo = picture_files.read_any_picture(path)
                person = person_photo.cut_person(photo, pose, image_size, path)
            except input_error.InputError as error:
                faults.append(str(error))
            else:
                new = new_names[name]
                place = market1501.picture_folder(partial, splits[new]) / new
                Image.fromarray(person.picture).save(place, quality=_JPEG_QUALITY)
                cut[new] = person.keypoints
            progress.advance()
        _check_pairs(cut, splits, faults)
        kept = {split: [] for split in market1501.SPLITS}
        for name in cut:
            kept[splits[name]].append(name)
        for split, pictures in kept.items():
            keypoint_files.write_annotations(
                market1501.annotation_file(partial, split),
                pictures,
                np.array([cut[name] for name in pictures]),
            )
        path = partial / "names.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["picture", "photo"])
            rows.writerows([new, name] for name, new in new_names.items() if new in cut)
    return kept, faults


def _market_names(names: Sequence[str]) -> Mapping[str, str]:
    """Each photo's new name: its own, or one with its person's number."""
    base_names = {name: pathlib.PurePosixPath(name).name for name in names}
    if all(_MARKET_NAME.fullmatch(name) for name in base_names.values()):
        if len(set(base_names.values())) < len(names):
            raise input_error.InputError(
                "two photos have one name: they lie in different folders, and their "
                "Market-1501 names do not tell them apart"
            )
        return base_names
    folders = {name: pathlib.PurePosixPath(name).parts[0] for name in names}
    loose = [name for name in names if folders[name] == name]
    if loose:
        raise input_error.InputError(
            f"{loose[0]} lies in no folder of a person, and has no name as "
            "0002_c1s1_000451_03.jpg"
        )
    numbers = {who: 1 + row for row, who in enumerate(sorted(set(folders.values())))}
    counts, new_names = dict.fromkeys(numbers, 0), {}
    for name in sorted(names):
        who = folders[name]
        counts[who] += 1
        new_names[name] = f"{numbers[who]:04d}_c1s1_{counts[who]:06d}_01.jpg"
    return new_names


def _splits(new_names: Mapping[str, str], test_share: float) -> dict[str, str]:
    """The split of each picture."""
    pictures = {}
    for name in sorted(new_names.values()):
        pictures.setdefault(market1501.identity(name), []).append(name)
    if len(pictures) >= _PEOPLE_TO_SPLIT:
        held_back = set(_last(list(pictures), test_share))
        tests = [name for who in held_back for name in pictures[who]]
    else:
        tests = [
            name for group in pictures.values() for name in _last(group, test_share)
        ]
    tests = set(tests)
    return {
        name: "test" if name in tests else "train"
        for group in pictures.values()
        for name in group
    }


def _last(items: Sequence, share: float) -> Iterable:
    """That share of them, from the end; two at least, and as many stay, or none."""
    count = min(max(math.ceil(share * len(items)), 2), len(items) - 2)
    return items[-count:] if count >= 2 else []


def _check_pairs(
    keypoints: Mapping[str, np.ndarray],
    splits: Mapping[str, str],
    faults: Sequence[str] = (),
) -> None:
    """Raises InputError if one of the splits holds no pair of these pictures."""
    for split, use in (("train", "train on"), ("test", "test with")):
        names = [name for name in keypoints if splits[name] == split]
        figures = np.array([keypoints[name] for name in names])
        figures = figures.reshape(-1, skeleton.NUM_JOINTS, 3)
        if not len(pairs.all_pairs(names, figures)):
            why = f" ({len(faults)} photos are no good: {faults[0]})" if faults else ""
            raise input_error.InputError(
                f"--annotations: no pair to {use}{why}. Needed are two photos of one "
                "person with both shoulders and both hips, to train on and again to "
                f"test with: four each of fewer than {_PEOPLE_TO_SPLIT} people, or two "
                "each of more."
            )


def main() -> None:
    """Writes the data set."""
    values = flags.FLAGS
    for name in ("pictures_dir", "annotations"):
        if not values[name].value:
            raise input_error.InputError(f"--{name} is missing.")
    kept, faults = import_photos(
        values.pictures_dir,
        values.annotations,
        values.output_dir,
        values.test_share,
        (values.image_height, values.image_width),
    )
    train, test = (kept[split] for split in ("train", "test"))
    print(
        f"Wrote {values.output_dir}: {len(train)} pictures to train on, {len(test)} to "
        "test with"
    )
    if set(map(market1501.identity, train)) & set(map(market1501.identity, test)):
        print(
            f"Fewer than {_PEOPLE_TO_SPLIT} people: the same ones are tested with, in "
            "other pictures. Of people never seen such a test says nothing."
        )
    if faults:
        print("\n".join(faults))
        raise input_error.InputError(
            f"{len(faults)} photos of {values.pictures_dir} (listed above) were left "
            "out."
        )


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string(
        "pictures_dir",
        "",
        "Folder of photos: PERSON/any_name.jpg, or Market-1501's names.",
    )
    flags.DEFINE_string(
        "annotations", "", "Their keypoints, as tools.annotate_keypoints writes them."
    )
    flags.DEFINE_string("output_dir", "", "Data set to write; a new folder.")
    flags.DEFINE_float(
        "test_share",
        0.2,
        "What to keep back for tests.",
        lower_bound=0.01,
        upper_bound=0.9,
    )
    flags.DEFINE_integer("image_height", 128, "The model's, pixels.", 16)
    flags.DEFINE_integer("image_width", 64, "The model's, pixels.", 4)
    command_line.run(main)
