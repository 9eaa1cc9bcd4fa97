"""Settings that are secret, let others in, or make a home speak to another machine.

They are kept out of backups, or asleep when restored; so are the readers of `rights.toml`.
"""

from __future__ import annotations

import re
import tomllib

SECRET = ("server_token", "llm_key", "graph", "store")
"""What a backup holds only when asked: whoever gets hold of it could speak in the site's name (`graph` and `store` may
hold a password)."""

ACTING = ("llm_url", "editors", "contact_readers", "server_origins", "workers", *SECRET)
"""What a restored home does not act on before somebody has looked at it (`workers` where it is an address)."""

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
    named = {name: str(held[name]) for name in ACTING if _acts(name, held) and held[name] != now.get(name)}
    if not named:
        return text, {}
    rest, _ = without(text, tuple(named))
    shown = "".join(f"# {name} = {_quoted(value)}{_WAKES}\n" for name, value in named.items())
    return rest.rstrip("\n") + "\n" + shown, named


def rights_asleep(text: str) -> str:
    """A restored `rights.toml` by which nobody may see anything: readers and tokens are comments, groups and tags stay.

    A file that cannot be read that way is a comment as a whole, which lets nobody in either.
    """
    held, lines, sleeps = _values(text), [], False
    for line in text.splitlines():
        if header := _HEADER.match(line):
            sleeps = header[1] in _LETTING_IN
        lines.append(f"# {line}" if sleeps and line.strip() else line)
    rest = {name: value for name, value in held.items() if name not in _LETTING_IN}
    shown = "\n".join(lines)
    if not held or _values(shown) != rest:
        shown = "\n".join(f"# {line}" for line in text.splitlines())
    return f"{_ASLEEP}\n{shown}\n"


_ASLEEP = "# 由备份恢复，readers 和 tokens 已停用，受限的人什么也看不到：核对后删去行首的 #，再运行 policykg rebuild"
_LETTING_IN = ("readers", "tokens")
_HEADER = re.compile(r"""\s*\[\[?\s*["']?([^\s"'\].]+)""")


def _values(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _acts(name: str, held: dict[str, object]) -> bool:
    value = held.get(name)
    return bool(value) and (name != "workers" or "://" in str(value))


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
