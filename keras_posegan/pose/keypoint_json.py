"""One figure from the JSON of OpenPose, of COCO, or of joints by name."""

from typing import Any

import numpy as np

from keras_posegan.pose import skeleton

COCO_JOINT_NAMES = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)

_FARTHEST = 1e6  # No picture is so large; nor could some integers become floats.


def parse(content: Any, picture_name: str | None = None) -> np.ndarray:
    """Finds the figure in the parsed content of a JSON file.

    Understood are:

    - OpenPose: `{"people": [{"pose_keypoints_2d": [x, y, confidence, ...]}]}` with
      18 joints (its COCO model; the 25 of BODY_25 are refused);
    - COCO: an annotation `{"keypoints": [x, y, v, ...]}` with 17 joints, a list of
      them, or a whole file with `annotations`, `images` and `categories`, whose joint
      names are heeded; the neck is the middle of the shoulders;
    - joints by name: `{"nose": [x, y], "left_eye": null, ...}`, names as in
      `skeleton.JOINT_NAMES`; a joint not named is missing, and so is a missing neck
      the middle of the shoulders.

    A joint is visible if its confidence is above 0 (COCO's v = 1, "labelled but
    hidden", counts as visible: its place is known). Of several figures, the one with
    the highest sum of confidences is taken.

    Args:
        content: what `json.load` returned.
        picture_name: picks the figures of that picture in a whole COCO file.

    Returns:
        float32 `(18, 3)`: x, y in pixels and visible in {0, 1}.

    Raises:
        ValueError: in one line: what was received and what is needed.
    """
    if isinstance(content, dict) and "people" in content:
        people = _need_list(content["people"], "`people`")
        figures = [
            _triples(_need_field(person, "pose_keypoints_2d"), skeleton.NUM_JOINTS)
            for person in people
        ]
        return _to_keypoints(_most_confident(figures))
    is_named = isinstance(content, dict) and content
    if isinstance(content, list) or (
        is_named and {"annotations", "keypoints"} & content.keys()
    ):
        return _add_neck(_parse_coco(content, picture_name))
    if is_named:
        return _add_neck(_parse_named(content))
    raise ValueError(
        "needs OpenPose's `people`, COCO's `keypoints`, or joints by name such as "
        f'{{"nose": [x, y]}}. Received: {str(content)[:60]}'
    )


def _parse_coco(content: Any, picture_name: str | None) -> np.ndarray:
    joint_names = COCO_JOINT_NAMES
    if isinstance(content, dict) and "annotations" in content:
        annotations = _need_list(content["annotations"], "`annotations`")
        for category in _records(content, "categories"):
            if "keypoints" in category:
                joint_names = tuple(_need_list(category["keypoints"], "`keypoints`"))
        images = _records(content, "images")
        if picture_name is not None and images:
            wanted = [i.get("id") for i in images if i.get("file_name") == picture_name]
            if not wanted:
                raise ValueError(f"has no picture {picture_name!r}")
            annotations = [
                annotation
                for annotation in _records(content, "annotations")
                if annotation.get("image_id") in wanted
            ]
    else:
        annotations = content if isinstance(content, list) else [content]
    for name in joint_names:
        _need_known(name, COCO_JOINT_NAMES)
    if len(joint_names) != len(COCO_JOINT_NAMES):
        raise ValueError(
            f"needs {len(COCO_JOINT_NAMES)} joints. Received: {len(joint_names)}"
        )
    figures = [
        _triples(_need_field(annotation, "keypoints"), len(COCO_JOINT_NAMES))
        for annotation in annotations
    ]
    figure = _most_confident(figures)
    keypoints = np.zeros((skeleton.NUM_JOINTS, 3))
    for name, joint in zip(joint_names, figure, strict=True):
        keypoints[skeleton.JOINT_NAMES.index(name)] = joint
    return _to_keypoints(keypoints)


def _parse_named(content: dict[str, Any]) -> np.ndarray:
    keypoints = np.zeros((skeleton.NUM_JOINTS, 3))
    for name, value in content.items():
        _need_known(name, skeleton.JOINT_NAMES)
        if value is None:
            continue
        numbers = _numbers(value, f"joint {name!r}")
        if len(numbers) not in (2, 3):
            raise ValueError(
                f"joint {name!r} must be [x, y] or [x, y, visible]. Received: {value}"
            )
        keypoints[skeleton.JOINT_NAMES.index(name)] = [*numbers, 1.0][:3]
    return _to_keypoints(keypoints)


def _to_keypoints(figure: np.ndarray) -> np.ndarray:
    """Turns confidence into visibility."""
    keypoints = np.array(figure, np.float32)
    visible = keypoints[:, 2] > 0
    keypoints[:, 2] = 1.0
    keypoints[~visible] = 0.0
    return keypoints


def _add_neck(keypoints: np.ndarray) -> np.ndarray:
    """Puts a missing neck halfway between the shoulders."""
    shoulders = keypoints[[skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER]]
    if not keypoints[skeleton.NECK, 2] and np.all(shoulders[:, 2]):
        keypoints[skeleton.NECK] = shoulders.mean(axis=0)
    return keypoints


def _most_confident(figures: list[np.ndarray]) -> np.ndarray:
    if not figures:
        raise ValueError("has no person in it")
    return max(figures, key=lambda figure: figure[:, 2].sum())


def _triples(values: Any, joints: int) -> np.ndarray:
    numbers = _numbers(values, "the list of keypoints")
    if len(numbers) != 3 * joints:
        received = f"{len(numbers)} numbers"
        if len(numbers) % 3 == 0:
            received = f"{len(numbers) // 3} joints"
        raise ValueError(
            f"needs {joints} joints of x, y and confidence. Received: {received}"
        )
    return np.array(numbers, np.float64).reshape(joints, 3)


def _numbers(values: Any, what: str) -> list[float]:
    for value in _need_list(values, what):
        is_number = type(value) in (int, float)
        if not is_number or not abs(value) < _FARTHEST:
            raise ValueError(
                f"{what} must hold finite numbers below a million. Received: {value!r}"
            )
    return values


def _records(content: dict[str, Any], field: str) -> list[dict[str, Any]]:
    records = _need_list(content.get(field, []), f"`{field}`")
    if not all(isinstance(record, dict) for record in records):
        raise ValueError(f"`{field}` must be a list of objects.")
    return records


def _need_list(value: Any, what: str) -> list:
    if not isinstance(value, list):
        raise ValueError(f"{what} must be a list. Received: {str(value)[:60]}")
    return value


def _need_field(record: Any, field: str) -> Any:
    if not isinstance(record, dict) or field not in record:
        raise ValueError(
            f"needs `{field}` in each person. Received: {str(record)[:60]}"
        )
    return record[field]


def _need_known(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise ValueError(f"unknown joint {name!r}. Known: {', '.join(known)}")
