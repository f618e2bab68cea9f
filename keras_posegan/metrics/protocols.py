"""The protocols of the field, by name: which definitions go together.

The same name can stand for two measures (an "ssim" of `dgan` and of `gfla` have other
windows and ranges), so a number means something only beside its protocol.
"""

from keras_posegan import input_error
from keras_posegan.metrics import (
    l1,
    psnr,
    relative_l1,
    ssim,
    uniform_ssim,
    unit_l1,
)
from keras_posegan.metrics import protocol as protocol_lib

# The paper's own, by way of Deformable GAN: the `test.py` of its authors' code
# (AliaksandrSiarohin/pose-gan). "ssim" there is Gaussian, its data range that of the
# generated picture; "l1" is on [-1, 1]. That code masks IS and SSIM; masked L1 is the
# same thing done to L1.
_DGAN = protocol_lib.Protocol(
    name="dgan",
    reference=(
        "Siarohin et al., Deformable GANs, arXiv 1801.00055, as Horiuchi et al., MVA "
        "2019, and Zhu et al., arXiv 1904.03349, report them."
    ),
    pair_metrics={"ssim": ssim.ssim, "l1": l1.l1},
    is_masked=True,
    splits=10,
    lpips_network=None,
)

# `script/metrics.py` of Global-Flow-Local-Attention (RenYurui), whose keys these are.
# In colour, on pictures in [0, 1]: "ssim" with windows of 51x51, "ssim_256" as
# Deformable GAN's, "mae" relative to the brightness, "l1" half of Deformable GAN's.
# The Frechet distance is that of the generated test pictures to all real *training*
# pictures, of the 2,048 features of PyTorch's FID Inception; with other features it is
# another number. LPIPS by AlexNet. On request that code also masks LPIPS, and nothing
# else; that is left out.
_GFLA = protocol_lib.Protocol(
    name="gfla",
    reference=(
        "Ren et al., Deep Image Spatial Transformation (Global-Flow-Local-Attention), "
        "arXiv 2003.00696, and the papers that run their script/metrics.py."
    ),
    pair_metrics={
        "psnr": psnr.psnr,
        "ssim": uniform_ssim.uniform_ssim,
        "ssim_256": ssim.ssim,
        "mae": relative_l1.relative_l1,
        "l1": unit_l1.unit_l1,
    },
    is_masked=False,
    splits=10,
    lpips_network="alex",
)

PROTOCOLS = {protocol.name: protocol for protocol in (_DGAN, _GFLA)}


def protocol(name: str) -> protocol_lib.Protocol:
    """The protocol of a name, as `--protocol` gives it.

    Raises:
        input_error.InputError: if there is none of this name.
    """
    if name not in PROTOCOLS:
        raise input_error.InputError(
            f"--protocol: {name!r} is none of {', '.join(PROTOCOLS)}."
        )
    return PROTOCOLS[name]
