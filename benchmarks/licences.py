"""Write the licences of what the project needs at run time into NOTICE, from what the installed packages say.

    python benchmarks/licences.py            # writes NOTICE anew
    python benchmarks/licences.py --check    # exit 1 where a package or its licence is missing, or needed no more

Only the packages that `pyproject.toml` names: what they bring along is theirs to state. No network.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "This project needs the following packages, which are installed beside it and not part of it:"
_CLASSIFIER = "License :: OSI Approved :: "
_UNKNOWN = ("", "not installed here")
_LONGEST = 60  # characters of a licence field that is a name and not the text


def needed() -> list[str]:
    """The names of the packages, extras for users included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (project["optional-dependencies"][extra] for extra in ("dask", "login", "models", "oceanbase", "ocr"))
    wanted = [*project["dependencies"], *(package for extra in extras for package in extra)]
    names = {re.split(r"[\[<>=!~ ;]", requirement)[0].lower() for requirement in wanted}
    return sorted(names)


def licence_of(name: str) -> str:
    """What a package says of its licence; empty where it is not installed."""
    try:
        found = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := found.get("License-Expression"):
        return str(expression)
    classified = [c.removeprefix(_CLASSIFIER) for c in found.get_all("Classifier") or () if c.startswith(_CLASSIFIER)]
    if classified:
        return "; ".join(classified)
    stated = str(found.get("License") or "").strip().splitlines()
    return stated[0] if stated and len(stated[0]) <= _LONGEST else "see its own LICENSE"


def notice(before: str) -> str:
    """NOTICE with its last part made anew; a package that is not installed here keeps its line."""
    head, _, tail = before.partition(BEGIN)
    kept = dict(line.split(": ", 1) for line in tail.strip().splitlines() if ": " in line)
    lines = [f"{name}: {licence_of(name) or kept.get(name, _UNKNOWN[1])}" for name in needed()]
    return f"{head.rstrip()}\n\n{BEGIN}\n\n" + "\n".join(lines) + "\n"


def _named(text: str) -> list[str]:
    return [line.partition(":")[0] for line in text.partition(BEGIN)[2].strip().splitlines()]


def _licences(text: str) -> list[str]:
    return [line.partition(":")[2].strip() for line in text.partition(BEGIN)[2].strip().splitlines()]


def main() -> int:
    """Write or check; the exit status."""
    file = ROOT / "NOTICE"
    before = file.read_text(encoding="utf-8")
    now = notice(before)
    if "--check" in sys.argv[1:]:
        return int(_named(now) != _named(before) or any(stated in _UNKNOWN for stated in _licences(before)))
    file.write_text(now, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
