"""Makes a data set of people who do not exist, free of licence and privacy.

    python -m tools.synthesize_people --output_dir=data/people --identities=300 \
        --test_identities=30 --pictures_per_identity=12 --contact_sheet=people.png

The folder has Market-1501's layout and names, with exact keypoints beside it.
"""

from absl import flags

from keras_posegan import command_line, input_error

_OUTPUT_DIR = flags.DEFINE_string(
    "output_dir", None, "New or empty folder for the data set.", required=True
)
_IDENTITIES = flags.DEFINE_integer(
    "identities", 200, "People to train on.", lower_bound=1
)
_TEST_IDENTITIES = flags.DEFINE_integer(
    "test_identities", 20, "People to test on, none of the others.", lower_bound=0
)
_PICTURES = flags.DEFINE_integer(
    "pictures_per_identity", 12, "Pictures of each.", lower_bound=1, upper_bound=9999
)
_SEED = flags.DEFINE_integer("seed", 0, "The same seed, the same bytes.", lower_bound=0)
_HEIGHT = flags.DEFINE_integer("image_height", 128, "Pixels.", lower_bound=32)
_WIDTH = flags.DEFINE_integer("image_width", 64, "Pixels.", lower_bound=32)
_CONTACT_SHEET = flags.DEFINE_string(
    "contact_sheet", None, "PNG to write: a row a person, pictures side by side."
)
_KEYPOINTS = flags.DEFINE_bool(
    "contact_sheet_keypoints", False, "Draw the keypoints into the contact sheet."
)


def main() -> None:
    """Writes the data set, and the contact sheet if asked for."""
    from keras_posegan.data.synthetic_people import contact_sheet, dataset

    people = _IDENTITIES.value + _TEST_IDENTITIES.value
    if people > dataset.MAX_IDENTITIES:
        raise input_error.InputError(
            f"--identities and --test_identities: {people} people are more than "
            f"the {dataset.MAX_IDENTITIES} that names have digits for."
        )
    size = (_HEIGHT.value, _WIDTH.value)
    if _CONTACT_SHEET.value is not None:
        contact_sheet.check_path(_CONTACT_SHEET.value)
    dataset.write_dataset(
        _OUTPUT_DIR.value,
        identities=_IDENTITIES.value,
        test_identities=_TEST_IDENTITIES.value,
        pictures_per_identity=_PICTURES.value,
        image_size=size,
        seed=_SEED.value,
    )
    if _CONTACT_SHEET.value is not None:
        contact_sheet.write_contact_sheet(
            _CONTACT_SHEET.value,
            people=min(_IDENTITIES.value, 12),
            pictures=min(_PICTURES.value, 12),
            image_size=size,
            seed=_SEED.value,
            keypoints=_KEYPOINTS.value,
        )
    print(f"wrote {_OUTPUT_DIR.value}")


if __name__ == "__main__":
    command_line.run(main)
