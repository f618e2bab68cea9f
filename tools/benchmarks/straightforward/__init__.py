"""The paper's method as simple Keras code has it: what the benchmark measures against.

Every part is written as the formula reads, as fast as that allows, and no worse: whole
tensors, TensorFlow's own operations and their registered gradients. The networks, the
weights and the losses are the project's own; only what follows differs.
"""

from tools.benchmarks.straightforward.network import for_phones, straightforward
from tools.benchmarks.straightforward.stacked_loss import nearest_neighbor_loss
from tools.benchmarks.straightforward.straightforward_pose_gan import (
    StraightforwardPoseGAN,
)
from tools.benchmarks.straightforward.tiled_skip import TiledSkip
from tools.benchmarks.straightforward.whole_attention import WholeAttention

__all__ = [
    "StraightforwardPoseGAN",
    "TiledSkip",
    "WholeAttention",
    "for_phones",
    "nearest_neighbor_loss",
    "straightforward",
]
