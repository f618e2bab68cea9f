"""The network that tells garments, and people, apart."""

import keras

from tools.people_classifier import garments

FEATURES = 128
_FIRST_BLOCK = (16, 16)
_LATER_BLOCKS = (32, 64, 128, 128)


def build_network(image_size: tuple[int, int], people: int) -> keras.Model:
    """Builds the classifier, untrained.

        first block   two 3x3 convolutions at the picture's own size
        four blocks   2x2 maximum, one 3x3 convolution; for a person of 128x64 these
                      lead from maps of 64x32 to maps of 8x4
        features      the mean over each row of the last maps, so that what is worn
                      above and below stay apart; then dense, rectified
        three heads   top and bottom garment, and which of the training people it is

    with batch normalization and a rectifier after every convolution. The last head
    makes the features tell people apart; it knows none but the training people.

    Args:
        image_size: (height, width) in pixels, each >= 16.
        people: int >= 1, in the training pictures.

    Returns:
        A model from pictures (B, H, W, 3), float32 in [-1, 1], to a dict of logits:
        top (B, 12), bottom (B, 3), person (B, people). Its layer `features` gives
        (B, 128); its layer `first_block` is itself a model from pictures of any size
        to maps (B, H, W, 16).
    """
    picture = keras.Input((*image_size, 3), name="picture")
    maps = _block(_FIRST_BLOCK, "first_block")(picture)
    for number, filters in enumerate(_LATER_BLOCKS, start=2):
        maps = keras.layers.MaxPool2D()(maps)
        maps = _block((filters,), f"block_{number}")(maps)
    rows = keras.layers.Flatten()(keras.ops.mean(maps, axis=2))
    rows = keras.layers.Dropout(0.3)(rows)
    features = keras.layers.Dense(FEATURES, activation="relu", name="features")(rows)
    heads = {
        "top": len(garments.TOPS),
        "bottom": len(garments.BOTTOMS),
        "person": people,
    }
    logits = {
        name: keras.layers.Dense(classes, name=name)(features)
        for name, classes in heads.items()
    }
    return keras.Model(picture, logits, name="people_classifier")


def _block(filters, name) -> keras.Sequential:
    """3x3 convolutions, each normalized and rectified."""
    layers = []
    for count in filters:
        layers += [
            keras.layers.Conv2D(count, 3, padding="same", use_bias=False),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.ReLU(),
        ]
    return keras.Sequential(layers, name=name)
