"""Tests of the written data set: layout, bytes, annotations, statistics."""

import ast
import re

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data.synthetic_people import dataset, person, studio
from keras_posegan.pose import skeleton


def write(path, **changes):
    settings = {
        "identities": 3,
        "test_identities": 2,
        "pictures_per_identity": 4,
        "seed": 7,
    } | changes
    dataset.write_dataset(path, **settings)
    return path


def contents(path):
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write(tmp_path_factory.mktemp("people") / "new" / "set")


@pytest.fixture(scope="module")
def sample():
    """Twenty-five people, twelve pictures each."""
    camera_crew = studio.Studio(seed=1)
    found = []
    for identity in range(1, 26):
        who = person.create_person(1, identity)
        found.append([camera_crew.picture(who, identity, index) for index in range(12)])
    return found


def test_the_layout_and_names_are_those_of_market_1501(written):
    assert {file.name for file in written.iterdir()} == {
        "bounding_box_train",
        "bounding_box_test",
        "market-annotation-train.csv",
        "market-annotation-test.csv",
        dataset.MARKER,
    }
    for split, people in (("train", {1, 2, 3}), ("test", {4, 5})):
        files = sorted((written / f"bounding_box_{split}").iterdir())
        assert len(files) == 4 * len(people)
        for file in files:
            assert re.fullmatch(r"\d{4}_c[1-6]s[1-6]_\d{6}_\d\d\.jpg", file.name)
            with Image.open(file) as image:
                assert (image.format, image.mode, image.size) == (
                    "JPEG",
                    "RGB",
                    (64, 128),
                )
        assert {int(file.name[:4]) for file in files} == people


def test_every_picture_has_a_row_of_keypoints_inside_it_or_missing(written):
    for split in ("train", "test"):
        text = (written / f"market-annotation-{split}.csv").read_text()
        header, *rows = text.splitlines()
        assert header == "name:keypoints_y:keypoints_x"
        names = []
        for row in rows:
            name, y, x = row.split(": ")
            names.append(name)
            for values, limit in ((y, 128), (x, 64)):
                values = ast.literal_eval(values)
                assert len(values) == skeleton.NUM_JOINTS
                assert all(isinstance(value, int) for value in values)
                assert all(-1 <= value < limit for value in values)
        files = {file.name for file in (written / f"bounding_box_{split}").iterdir()}
        assert len(names) == len(set(names))
        assert set(names) == files


def test_the_same_seed_writes_the_same_bytes(written, tmp_path):
    assert contents(write(tmp_path / "again")) == contents(written)


def test_another_seed_draws_other_people(written, tmp_path):
    other = contents(write(tmp_path / "other", seed=8))
    for name, found in contents(written).items():
        if name in other:
            assert other[name] != found


def test_people_and_their_poses_both_follow_the_seed():
    who, other = (person.create_person(seed, 3) for seed in (7, 8))
    assert who.appearance != other.appearance
    assert who.body != other.body
    # The same person before the same camera.
    first, *others = (
        studio.Studio(seed=seed).picture(who, 3, 0) for seed in range(7, 20)
    )
    others = [other for other in others if other.name[6] == first.name[6]]
    assert others
    for other in others:
        assert not np.array_equal(first.keypoints, other.keypoints)


def test_an_identity_does_not_depend_on_how_many_others_there_are(written, tmp_path):
    small = write(tmp_path, identities=2, test_identities=0, pictures_per_identity=2)
    pictures = contents(small / "bounding_box_train")
    assert len(pictures) == 4
    full = contents(written / "bounding_box_train")
    assert {name: full[name] for name in pictures} == pictures


def test_other_picture_sizes_are_drawn_and_annotated(tmp_path):
    write(tmp_path, identities=1, test_identities=0, image_size=(96, 80))
    for file in (tmp_path / "bounding_box_train").iterdir():
        with Image.open(file) as image:
            assert image.size == (80, 96)


def test_annotation_row_rounds_and_marks_the_missing():
    keypoints = np.zeros((18, 3), np.float32)
    keypoints[0] = 3.4, 7.6, 1
    keypoints[1] = np.nan, 5, 0
    row = dataset.annotation_row("a.jpg", keypoints)
    minus = ", ".join(["-1"] * 17)
    assert row == f"a.jpg: [8, {minus}]: [3, {minus}]"


def test_a_data_set_of_the_same_settings_is_written_anew(written, tmp_path):
    again = write(tmp_path / "set")
    first = next((again / "bounding_box_train").iterdir())
    first.write_bytes(b"broken")
    assert contents(write(again)) == contents(written)


def test_a_folder_of_other_settings_is_refused(tmp_path):
    before = contents(write(tmp_path / "set"))
    with pytest.raises(input_error.InputError, match="other settings"):
        write(tmp_path / "set", seed=8)
    assert contents(tmp_path / "set") == before


def test_a_folder_of_somebody_elses_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(input_error.InputError, match="not empty"):
        write(tmp_path)
    assert contents(tmp_path) == {"thesis.txt": b"mine"}


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(input_error.InputError, match="output_dir"):
            write(place)


@pytest.mark.parametrize(
    "changes",
    [
        {"identities": 0},
        {"test_identities": -1},
        {"pictures_per_identity": 0},
        {"pictures_per_identity": 10000},
        {"seed": -1},
        {"image_size": (16, 64)},
        {"image_size": (128, 8)},
        {"identities": 9000, "test_identities": 1000},
    ],
)
def test_arguments_out_of_range_are_refused(tmp_path, changes):
    with pytest.raises(ValueError, match="Received: "):
        write(tmp_path / "set", **changes)
    assert not (tmp_path / "set").exists()


def test_joints_go_missing_about_as_often_as_for_an_estimator(sample):
    keypoints = np.array([[p.keypoints for p in row] for row in sample])
    missing = 1 - keypoints[..., 2].mean((0, 1))
    # Real Market-1501: 4.6 of 18, wrists .43, noses .41, shoulders .04.
    assert 2.5 < missing.sum() < 5.5
    assert 0.1 < missing[[skeleton.RIGHT_WRIST, skeleton.LEFT_WRIST]].mean() < 0.5
    assert 0.2 < missing[skeleton.NOSE] < 0.6
    torso = keypoints[:, :, list(skeleton.TORSO), 2].all(2)
    assert torso.mean() > 0.85


def test_people_fill_the_picture(sample):
    pictures = [picture for row in sample for picture in row]
    heights = []
    for picture in pictures:
        seen = picture.keypoints[picture.keypoints[:, 2] > 0]
        heights.append(np.ptp(seen[:, 1]))
    # Real Market-1501: from the eyes to the ankles, the median is 100 of 128.
    assert 90 < np.median(heights) < 118


def test_a_person_looks_more_like_themselves_than_like_others(sample):
    def colours(picture):
        """Colours of the upper and of the lower body, where the joints are."""
        pixels = picture.image.astype(float)
        found = []
        for joints in ((1, 2, 5), (8, 11, 9, 12)):
            at = picture.keypoints[list(joints)]
            at = at[at[:, 2] > 0]
            if not len(at):
                return None
            found.append(np.median([pixels[int(y), int(x)] for x, y, _ in at], axis=0))
        return np.concatenate(found)

    table = [[c for c in map(colours, row) if c is not None] for row in sample]
    within, between = [], []
    for i, row in enumerate(table):
        for j, other in enumerate(table):
            apart = [np.linalg.norm(a - b) for a in row for b in other if a is not b]
            (within if i == j else between).extend(apart)
    assert np.median(within) < 0.55 * np.median(between)


def test_every_person_is_seen_by_every_camera(sample):
    for row in sample:
        assert {picture.name[6] for picture in row} == set("123456")


def test_no_two_people_wear_the_same(sample):
    looks = {repr(person.create_person(1, i).appearance) for i in range(1, 200)}
    assert len(looks) == 199
