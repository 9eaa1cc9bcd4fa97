"""The five real documents as scans (pictures at 200 dpi in a PDF): how many facts are those of the text.

    python benchmarks/scanned.py                  # all five, some 30 pages; about 3 s a page on two quiet cores
    python benchmarks/scanned.py --only 青浦 --dpi 150

Needs the extra `ocr` and ../shared. F1 of (title, responsible bodies), references, figures and header, compared to the
letter, which is stricter than ../shared/eval/score.py; CPU seconds a page.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.ingest.readers import writers  # noqa: E402 - the folder of the project must be known first
from tests.ingest.readers.test_sameness import NAMES, _document, _source, facts_of, overlap  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus" / "quality-month"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a part of the name")
    parser.add_argument("--dpi", type=int, default=200)
    options = parser.parse_args()
    figures = {}
    for name in NAMES:
        if options.only not in name:
            continue
        paragraphs, expected = _source(CORPUS / f"{name}.txt")
        pages = writers.printed(paragraphs)
        scan = writers.scanned(writers.pdf(pages), dpi=options.dpi)
        begun = time.process_time()
        found = facts_of(_document(scan, "a.pdf"))
        seconds = time.process_time() - begun
        figures[name] = {kind: round(overlap(wanted, found[kind]), 3) for kind, wanted in expected.items()}
        figures[name] |= {"pages": len(pages), "cpu_seconds_a_page": round(seconds / len(pages), 1)}
        missed = {kind: [str(fact) for fact in wanted - found[kind]] for kind, wanted in expected.items()}
        print(name, json.dumps(missed, ensure_ascii=False), file=sys.stderr, flush=True)
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
