"""Settings that are secret, or that make a home speak to another machine: kept out of backups, asleep when restored."""

from __future__ import annotations

import re
import tomllib

SECRET = ("server_token", "llm_key")
"""What a backup holds only when asked: whoever gets hold of it could speak in the site's name."""

ACTING = ("llm_url", *SECRET)
"""What a restored home does not act on before somebody has looked at it."""

_WAKES = "  # 恢复时停用，确认后删去行首的 # 启用"


def without(text: str, names: tuple[str, ...] = SECRET) -> tuple[str, list[str]]:
    """A `policykg.toml` without some settings, and the names of those that were there."""
    held = _values(text)
    found = [name for name in names if held.get(name)]
    if not found:
        return text, []
    kept = "".join(line for line in text.splitlines(keepends=True) if not _is_of(line, found))
    rest = {name: value for name, value in held.items() if name not in found}
    return (kept if _values(kept) == rest else _written(rest)), found


def asleep(text: str, current: str = "") -> tuple[str, dict[str, str]]:
    """A restored `policykg.toml` with its acting settings as comments, and those settings.

    What the home has in just that way now (`current`) goes on.
    """
    now, held = _values(current), _values(text)
    named = {name: str(held[name]) for name in ACTING if held.get(name) and held[name] != now.get(name)}
    if not named:
        return text, {}
    rest, _ = without(text, tuple(named))
    shown = "".join(f"# {name} = {_quoted(value)}{_WAKES}\n" for name, value in named.items())
    return rest.rstrip("\n") + "\n" + shown, named


def _values(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _is_of(line: str, names: list[str]) -> bool:
    return any(re.match(rf"\s*[\"']?{name}[\"']?\s*=", line) for name in names)


def _written(kept: dict[str, object]) -> str:
    """Anew, where a value goes over several lines: settings are texts, numbers and truths."""
    return "".join(f"{name} = {_plain(value)}\n" for name, value in kept.items())


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int | float) else _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return f'"{escaped}"'
