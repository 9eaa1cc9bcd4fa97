"""The exact doors of the search: articles by their number, and bodies by a short name for a full one.

    python benchmarks/doors.py HOME [--count 200] [--seed 5]

Articles are drawn at random from the documents of HOME that have any and asked for as 标题第X条: found where a passage
among the first three has the whole text. Of several editions, which are folded into one, any counts; a document may
hold several sets of rules, each with a 第一条: then as many passages are looked at as it has of that number. Bodies are
half from the reference data's agencies with an alias, half a department by a short name behind a place of a held
document: the share of the ten passages of the full name that the short form finds too.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from kg.core.config import Settings
from kg.core.ids import title_key
from kg.service import Service
from ontology.reference import load_reference

FIRST = 3
TOP = 10
ENOUGH = 0.8


def articles(service: Service, count: int, rng: random.Random) -> dict[str, Any]:
    """How many articles are found whole."""
    catalogue = service.snapshot().catalogue
    held = [item.id for item in catalogue.documents()]
    alike: dict[str, list[str]] = {}
    for item in catalogue.documents():
        alike.setdefault(title_key(item.title), []).append(item.id)
    rng.shuffle(held)
    asked, first, missed = 0, 0, []
    for ident in held:
        document = catalogue.document(ident)
        if not document.articles or not document.title or asked == count:
            continue
        article = rng.choice(document.articles)
        own = sum(other.label == article.label for other in document.articles)
        editions = [catalogue.document(other) for other in alike[title_key(document.title)] if other != ident]
        wanted = {
            document.text[article.start : article.end].strip(),
            *(e.text[a.start : a.end].strip() for e in editions for a in e.articles if a.label == article.label),
        }
        asked += 1
        hits = service.search(f"{document.title}{article.label}", top=max(FIRST, own))
        texts = [hit["text"].strip() for hit in hits]
        first += any(body in text for body in wanted for text in texts[:1])
        if not any(body in text for body in wanted for text in texts):
            missed.append(f"{document.title}{article.label}")
    return {"asked": asked, f"whole in the first {FIRST}": asked - len(missed), "first": first, "missed": missed}


def bodies(service: Service, count: int, rng: random.Random) -> dict[str, Any]:
    """How much of what the full name finds the short one finds."""
    reference = load_reference()
    agencies = [agency for agency in reference.agencies if agency.aliases]
    departments = [kind for kind in reference.departments if kind.tails]
    places = sorted({item.place for item in service.snapshot().catalogue.documents() if item.place} - {"全国"})
    pairs = [(rng.choice(a.aliases), a.name) for a in rng.sample(agencies, min(count // 2, len(agencies)))]
    while len(pairs) < count:
        place, kind = rng.choice(places), rng.choice(departments)
        pairs.append((place + rng.choice(kind.tails), place + kind.name))
    shares: dict[str, float] = {}
    for short, full in pairs:
        found, wanted = ({hit["passage_id"] for hit in service.search(name, top=TOP)} for name in (short, full))
        shares[f"{short} {full}"] = len(found & wanted) / max(len(wanted), 1)
    return {
        "asked": len(pairs),
        "mean overlap": round(sum(shares.values()) / max(len(shares), 1), 3),
        f"overlap of {ENOUGH} and more": sum(share >= ENOUGH for share in shares.values()),
        "below": {name: round(share, 1) for name, share in shares.items() if share < ENOUGH},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    service = Service(Settings.load(home=options.home))
    rng = random.Random(options.seed)
    result = {"articles": articles(service, options.count, rng), "bodies": bodies(service, options.count, rng)}
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
