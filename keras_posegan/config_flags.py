"""absl flags made from `config`, and read back into it."""

import dataclasses

from absl import flags

from keras_posegan import config, input_error

# The flags count as the calling main's own, so that its `--help` lists them.
flags.disclaim_key_flags()

_DEFINE = {
    bool: flags.DEFINE_bool,
    int: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    str: flags.DEFINE_string,
}


def define(flag_values: flags.FlagValues = flags.FLAGS) -> None:
    """Defines one flag for every option of `config.RunConfig`.

    `RunConfig.loss.neighborhood` becomes `--loss_neighborhood`.

    Args:
        flag_values: where to define them; tests pass a fresh `flags.FlagValues()`.
    """
    for name, section in config.sections().items():
        for field in dataclasses.fields(section):
            limits = field.metadata["choices"]
            _DEFINE[type(field.default)](
                f"{name}_{field.name}",
                field.default,
                field.metadata["help"] + (f" One of {limits}." if limits else ""),
                flag_values=flag_values,
            )


def read(flag_values: flags.FlagValues = flags.FLAGS) -> config.RunConfig:
    """The config that the parsed flags describe.

    Raises:
        input_error.InputError: if a value is outside its limits; the message starts
            with the flag.
    """
    values = {}
    for name, section in config.sections().items():
        options = {
            field.name: flag_values[f"{name}_{field.name}"].value
            for field in dataclasses.fields(section)
        }
        try:
            values[name] = section(**options)
        except ValueError as error:
            # The message starts with the option's name in backquotes.
            message = str(error).replace("`", "", 2)
            raise input_error.InputError(f"--{name}_{message}") from error
    return config.RunConfig(**values)
