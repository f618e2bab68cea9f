"""Takes the pictures of a synthetic data set."""

import numpy as np

from keras_posegan.data.synthetic_people import camera as camera_lib
from keras_posegan.data.synthetic_people import motions, renderer, scenery
from keras_posegan.data.synthetic_people import person as person_lib
from keras_posegan.data.synthetic_people import picture as picture_lib

_OBSTACLE_SHARE = 0.1
_FRONTAL_SHARE = 0.4


class Studio:
    """The cameras and obstacles of one seed; takes pictures.

    Args:
        image_size: (height, width) in pixels.
        seed: int >= 0.

    Attributes:
        cameras: the six `Camera`s.
    """

    def __init__(self, image_size: tuple[int, int] = (128, 64), seed: int = 0):
        self.image_size = image_size
        self.seed = seed
        self.cameras = [
            camera_lib.create_camera(index, image_size, seed)
            for index in range(camera_lib.NUM_CAMERAS)
        ]
        self._obstacles = [
            scenery.draw_obstacle(
                index, image_size, np.random.default_rng((seed, 2, index))
            )
            for index in range(scenery.NUM_OBSTACLES)
        ]

    def picture(
        self, person: person_lib.Person, identity: int, index: int
    ) -> picture_lib.Picture:
        """Takes a picture; it depends on seed, identity and index alone.

        Args:
            person: of `person.create_person(seed, identity)`.
            identity: int >= 1, the number of that person.
            index: int >= 0, the number of the picture; the cameras take turns.

        Returns:
            The `Picture`.
        """
        order = np.random.default_rng((self.seed, 3, identity)).permutation(
            camera_lib.NUM_CAMERAS
        )
        number = int(order[index % camera_lib.NUM_CAMERAS])
        camera = self.cameras[number]
        rng = np.random.default_rng((self.seed, 4, identity, index))
        pose = motions.sample_pose(rng)
        # From any side, but more often from the front or the back, as people come
        # towards a camera or leave it.
        yaw = rng.uniform(-np.pi, np.pi)
        if rng.random() < _FRONTAL_SHARE:
            yaw = rng.normal(0, 0.45) + np.pi * rng.integers(2)
        obstacle = None
        if rng.random() < _OBSTACLE_SHARE:
            obstacle = self._obstacles[rng.integers(len(self._obstacles))]
        image, keypoints = renderer.render(
            person, pose, yaw, camera, self.image_size, rng, obstacle
        )
        sequence = 1 + identity % 6
        moment = (identity * 1009 + index * 25) % 1000000
        name = f"{identity:04d}_c{number + 1}s{sequence}_{moment:06d}_00.jpg"
        return picture_lib.Picture(name, image, keypoints, camera.jpeg_quality)
