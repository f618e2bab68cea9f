"""A data set of a few drawn pictures in Market-1501's layout."""

import pathlib

import numpy as np
from PIL import Image

from keras_posegan.data import market1501
from keras_posegan.pose import keypoint_files, skeleton

IMAGE_SIZE = (32, 16)
NAMES = {
    "train": (
        "0002_c1s1_000001_00.jpg",
        "0007_c1s1_000002_00.jpg",
        "0002_c2s1_000003_00.jpg",
        "0002_c3s1_000004_00.jpg",  # Shows no hips: in no pair.
        "0007_c2s1_000005_00.jpg",
        "0002_c4s1_000006_00.jpg",
        "-1_c1s1_000007_00.jpg",
        "-1_c1s1_000008_00.jpg",
    ),
    "test": ("0001_c1s1_000009_00.jpg", "0001_c1s1_000010_00.jpg"),
}
# (source, target) of all training pairs, in the field's order.
TRAIN_PAIRS = ((0, 2), (0, 5), (2, 0), (2, 5), (5, 0), (5, 2), (1, 4), (4, 1))


def write(folder: pathlib.Path, all_names: dict = NAMES) -> pathlib.Path:
    """Draws the data set into `folder`."""
    generator = np.random.default_rng(0)
    for split, names in all_names.items():
        pictures = market1501.picture_folder(folder, split)
        pictures.mkdir(parents=True)
        keypoints = np.ones((len(names), skeleton.NUM_JOINTS, 3), "float32")
        keypoints[..., :2] = generator.integers(0, 16, size=(len(names), 18, 2))
        for row, name in enumerate(names):
            if name == "0002_c3s1_000004_00.jpg":
                keypoints[row, [skeleton.RIGHT_HIP, skeleton.LEFT_HIP]] = 0.0
            colors = generator.integers(0, 256, size=(8, 4, 3), dtype=np.uint8)
            picture = Image.fromarray(colors).resize(IMAGE_SIZE[::-1], Image.BICUBIC)
            picture.save(pictures / name, quality=90)
        keypoint_files.write_annotations(
            market1501.annotation_file(folder, split), names, keypoints
        )
    return folder
