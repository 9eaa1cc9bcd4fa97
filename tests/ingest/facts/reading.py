"""Short texts read for tasks, for the tests of duties, tasks, tables and reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ingest.candidates import Candidate
from ingest.facts.draft import Draft
from ingest.facts.tasks import TaskProducer, candidates_to_drafts
from ingest.layout import CleanText, raw_to_clean
from ingest.readers import read
from ingest.sentences import Segmentation
from ingest.structure.elements import clean_to_elements
from ingest.structure.headings import ranges_to_sections
from ontology.forms import Forms, load
from ontology.names import Resolver
from ontology.reference import load_reference

HEAD = "杭州市水务局关于开展河湖巡查工作的通知\n杭水〔2024〕9号\n各区水务局：\n现将有关事项通知如下。\n"
FOOT = "\n杭州市水务局\n2024年5月8日\n"


@lru_cache(maxsize=1)
def forms() -> Forms:
    return load()


@lru_cache(maxsize=1)
def resolver() -> Resolver:
    return Resolver(load_reference(), forms())


@lru_cache(maxsize=1)
def producer() -> TaskProducer:
    return TaskProducer(forms(), resolver())


def clean_of(text: str) -> CleanText:
    return raw_to_clean(read(text.encode(), "notice.txt"), load())


def prepared(
    text: str, *, kind: str = "通知", title: str = "关于开展河湖巡查工作的通知"
) -> Callable[[], list[Candidate[Draft]]]:
    """Everything before the producer done: what is returned runs it alone."""
    clean = clean_of(text)
    elements = clean_to_elements(clean, load())
    sections = ranges_to_sections(clean, (elements.body, *elements.parts), load(), asides=elements.asides)
    context = resolver().context(resolver().places.by_qualified["浙江省杭州市"])
    segmentation = Segmentation(clean.text)
    return lambda: producer().propose(clean, sections, context, segmentation, elements=elements, kind=kind, title=title)


def propose(text: str, **about: str) -> list[Candidate[Draft]]:
    return prepared(text, **about)()


def tasks(body: str, **about: str) -> list[Draft]:
    return candidates_to_drafts(propose(HEAD + body + FOOT, **about), 0.5)


def titles(body: str, **about: str) -> list[str]:
    return [draft.title for draft in tasks(body, **about) if draft.parent is None]


def units(draft: Draft) -> list[str]:
    """市教育局, 市公安局/lead: as written, with the role."""
    return [p.as_written + (f"/{p.role.value}" if p.role else "") for p in draft.responsible]
