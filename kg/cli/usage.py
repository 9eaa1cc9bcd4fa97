"""Complaints of the argument parser, in Chinese."""

from __future__ import annotations

import difflib
import re
from typing import Any


def in_chinese(error: Any, command: Any) -> str:
    """One sentence for a parser error; ends with where to find help."""
    return f"{_message(error, command)}。用法见：{_help(error)}"


def _message(error: Any, command: Any) -> str:
    kind = type(error).__name__
    name = _parameter(error)
    if kind == "NoSuchOption":
        near = list(getattr(error, "possibilities", None) or ())
        return f"没有选项 {error.option_name}" + (f"，您是不是要用 {'、'.join(near)}" if near else "")
    if kind == "MissingParameter":
        return f"缺少参数 {name}"
    if kind == "BadParameter":
        return f"参数 {name} 的值无效（{error.message.rstrip('.')}）"
    if found := re.match(r"No such command '(.+)'", error.message):
        near = difflib.get_close_matches(found[1], command.commands, n=2, cutoff=0.4)
        return f"没有命令 {found[1]}" + (f"，您是不是要用 {'、'.join(near)}" if near else "")
    if found := re.match(r"Got unexpected extra arguments? \((.+)\)", error.message):
        return f"多余的参数：{found[1]}"
    if found := re.match(r"Option '(.+)' requires an argument", error.message):
        return f"选项 {found[1]} 后面缺少值"
    if error.message.startswith("Missing command"):
        return "请给出命令"
    return str(error.message).rstrip(".。")


def _parameter(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or "")
    if getattr(parameter, "param_type_name", "") == "option":
        return "、".join(parameter.opts)
    return str(parameter.metavar or parameter.name)


def _help(error: Any) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'policykg'} --help"
