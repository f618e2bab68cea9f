"""Tests of the labels: who is drawn, who is read, and what they wear."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data.synthetic_people import person
from tools.people_classifier import garments, labelled_people


def test_every_picture_of_the_folder_is_read_with_its_labels(people_dir):
    people = labelled_people.read_people(people_dir)
    assert people.pictures.shape == (8, 64, 32, 3)
    assert people.pictures.dtype == np.uint8
    paths = sorted(people_dir.glob("bounding_box_*/*.jpg"))
    found = {picture.tobytes(): row for row, picture in enumerate(people.pictures)}
    for path in paths:
        row = found[np.asarray(Image.open(path)).tobytes()]
        number = int(path.name[:4])
        look = person.create_person(4, number).appearance
        assert people.people[row] == number - 1
        assert people.tops[row] == garments.top(look)
        assert people.bottoms[row] == garments.bottom(look)


def test_people_drawn_are_those_after_the_folders(people_dir, tmp_path):
    settings = labelled_people.read_settings(people_dir)
    people = labelled_people.draw_people(settings, people=3, pictures_per_person=2)
    assert people.pictures.shape == (6, 64, 32, 3)
    assert people.people.tolist() == [0, 0, 1, 1, 2, 2]
    looks = [person.create_person(4, number).appearance for number in (5, 6, 7)]
    assert people.tops[::2].tolist() == [garments.top(look) for look in looks]
    assert people.bottoms[1::2].tolist() == [garments.bottom(look) for look in looks]


def test_people_drawn_stand_before_the_cameras_of_the_folder(people_dir):
    settings = labelled_people.read_settings(people_dir)
    # As if the folder's last person were to be drawn: as in the folder, but for JPEG.
    settings = {**settings, "test_identities": 0}
    drawn = labelled_people.draw_people(settings, people=1, pictures_per_person=2)
    everybody = labelled_people.read_people(people_dir)
    read = everybody.pictures[everybody.people == 3]
    differences = [
        min(np.abs(picture.astype(float) - other).mean() for other in read)
        for picture in drawn.pictures
    ]
    assert max(differences) < 8
    assert min(differences) > 0


@pytest.mark.parametrize("text", [None, "{", "[]", '{"seed": 0}'])
def test_a_folder_of_other_people_is_refused(tmp_path, text):
    if text is not None:
        (tmp_path / "synthetic_people.json").write_text(text)
    for read in (labelled_people.read_settings, labelled_people.read_people):
        with pytest.raises(input_error.InputError, match="synthesize_people") as caught:
            read(str(tmp_path))
        assert str(caught.value).startswith(f"--data_dir={tmp_path}")


def test_a_picture_of_another_size_is_named(people_dir, tmp_path):
    folder = shutil.copytree(people_dir, tmp_path / "people")
    path = sorted(folder.glob("bounding_box_test/*.jpg"))[0]
    Image.new("RGB", (30, 64)).save(path)
    with pytest.raises(input_error.InputError, match=r"\(64, 32, 3\).*\(64, 30, 3\)"):
        labelled_people.read_people(str(folder))


def test_a_folder_without_pictures_is_refused(people_dir, tmp_path):
    settings = labelled_people.read_settings(people_dir)
    (tmp_path / "synthetic_people.json").write_text(json.dumps(settings))
    with pytest.raises(input_error.InputError, match="no pictures"):
        labelled_people.read_people(str(tmp_path))
