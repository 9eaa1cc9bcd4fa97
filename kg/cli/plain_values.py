"""Values of the command line that are taken as they were typed: strings, lists of them or of paths, what was left out.

Typer checks every value with pydantic, whose import takes a tenth of a second, a string among them. What is no string
still goes that way, and a path that it would refuse.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_OF_PATHS = {"exists": False, "file_okay": True, "dir_okay": True, "writable": False, "resolve_path": False}


class _AsGiven:
    """What typer asks to check the values of one parameter."""

    def __init__(self, parameter: Any) -> None:
        self._checked = parameter.get_runtime_param
        annotation = parameter.type_descriptor.annotation
        info = parameter.type_descriptor.parameter_info
        custom = info.parser is not None
        self._is_text = annotation is str and not custom
        self._is_list = annotation == list[str] and not custom
        plain = all(getattr(info, name, None) == value for name, value in _OF_PATHS.items())
        self._is_paths = annotation == list[Path] and not custom and plain

    def coerce(self, value: Any, *, param: Any, ctx: Any) -> Any:
        """The value that the command gets."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if self._is_text and type(value) is str:
            return value
        if self._is_list and isinstance(value, list | tuple) and all(type(one) is str for one in value):
            return list(value)
        if self._is_paths and isinstance(value, list | tuple) and all(map(_is_plain_path, value)):
            return [Path(one) for one in value]
        if type(value) is int and value == param.default:
            return value
        return self._checked().coerce(value, param=param, ctx=ctx)


def _is_plain_path(value: Any) -> bool:
    """Whether a path may be read, or leads nowhere, which the command says itself."""
    return type(value) is str and "\0" not in value and (os.access(value, os.R_OK) or not Path(value).exists())


def take_as_given(command: Any) -> None:
    """Spare the values of a command, and of those under it, what they do not need."""
    of_typer = command.get_params

    def get_params(context: Any) -> list[Any]:
        parameters: list[Any] = of_typer(context)  # with the option for help, which is made here
        for parameter in parameters:
            # of typer 0.29; without it nothing is spared
            if hasattr(parameter, "get_runtime_param") and "get_runtime_param" not in vars(parameter):
                plain = _AsGiven(parameter)
                parameter.get_runtime_param = lambda plain=plain: plain
        return parameters

    command.get_params = get_params
    for inner in getattr(command, "commands", {}).values():
        take_as_given(inner)
