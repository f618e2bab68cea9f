"""Trains the classifier of synthetic people."""

import keras

from keras_posegan import progress_line
from tools.people_classifier import labelled_people, network

_PERSON_WEIGHT = 0.3


def train(
    people: labelled_people.LabelledPeople,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
) -> keras.Model:
    """Trains a classifier on labelled pictures, half of them mirrored each time.

    The objective is the cross-entropy of each head, that of the person weighing 0.3;
    Adam, its rate falling to 0 along half a cosine.

    Args:
        people: the pictures.
        epochs: int >= 1, times each picture is seen.
        batch_size: int >= 1.
        learning_rate: Adam's at the start.
        seed: of weights, order, dropout and mirroring.

    Returns:
        The network, as `network.build_network` describes it.
    """
    keras.utils.set_random_seed(seed)
    count, *image_size, _ = people.pictures.shape
    classifier = network.build_network(tuple(image_size), int(people.people.max()) + 1)
    pictures = keras.Input((*image_size, 3), dtype="uint8")
    scaled = keras.layers.Rescaling(1 / 127.5, -1)(pictures)
    mirrored = keras.layers.RandomFlip("horizontal", seed=seed)(scaled)
    trained = keras.Model(pictures, classifier(mirrored))
    steps = epochs * -(-count // batch_size)
    losses = {
        name: keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        for name in classifier.output_names
    }
    trained.compile(
        keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(learning_rate, steps)
        ),
        loss=losses,
        loss_weights={"top": 1.0, "bottom": 1.0, "person": _PERSON_WEIGHT},
    )
    line = progress_line.ProgressLine("classifier, steps", steps)
    trained.fit(
        people.pictures,
        {"top": people.tops, "bottom": people.bottoms, "person": people.people},
        batch_size=batch_size,
        epochs=epochs,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(
                on_train_batch_end=lambda _, logs: line.advance(
                    note=f"loss {logs['loss']:.2f}"
                )
            )
        ],
    )
    return classifier
