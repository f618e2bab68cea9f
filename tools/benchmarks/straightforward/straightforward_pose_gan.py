"""The training algorithm with the stacked loss."""

from keras_posegan.models import pose_gan
from tools.benchmarks.straightforward import stacked_loss


class StraightforwardPoseGAN(pose_gan.PoseGAN):
    """`PoseGAN` with the stacked loss; see `share_generated` for its two passes."""

    def _nearest_neighbor_loss(self, real, generated):
        return stacked_loss.nearest_neighbor_loss(
            self.perceptual_features(real),
            self.perceptual_features(generated),
            neighborhood=self.neighborhood,
            anchor=self.neighbor_anchor,
        )
