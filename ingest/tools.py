"""What is built once per set of reference data and shared by all documents: the resolver and a producer a kind."""

from __future__ import annotations

from ingest.decide import Decider
from ingest.facts.contacts import ContactProducer
from ingest.facts.deadlines import DeadlineProducer
from ingest.facts.particulars import ParticularReader
from ingest.facts.places import PlaceFinder
from ingest.facts.references import ReferenceProducer
from ingest.facts.series import SeriesMatcher
from ingest.facts.tasks import TaskProducer
from ingest.producers import forms_to_producers
from kg.core.ids import title_key
from ontology.names import Context, MentionFinder, Resolver, text_to_parties
from ontology.reference import Reference


class Tools:
    """The resolver, the producers and the decider of one version of the reference data."""

    def __init__(self, reference: Reference) -> None:
        forms = reference.forms
        self.resolver = Resolver(reference, forms)
        self.mentions = MentionFinder(self.resolver)
        self.places = PlaceFinder(self.resolver.places)
        self.series = SeriesMatcher(reference)
        self.tasks = TaskProducer(forms, self.resolver)
        self.references = ReferenceProducer(forms)
        self.deadlines = DeadlineProducer(forms)
        self.producers = forms_to_producers(forms)
        self.particulars = ParticularReader(forms)
        self.contacts = ContactProducer(forms)
        self.decider = Decider()
        self.campaign = forms.pattern("campaign.part")
        self._titles = {
            title_key(name): p.title for p in reference.policies for name in (p.title, *p.aliases) if p.title
        }

    def full_title(self, short: str) -> str | None:
        """The full title of a well-known policy."""
        return self._titles.get(title_key(short))

    def issuer_name(self, written: str, context: Context) -> str | None:
        """The official names of the bodies in 市委、市政府; None where one does not resolve."""
        parties, unresolved = text_to_parties(written, self.resolver, context)
        return "、".join(p.name for p in parties) if parties and not unresolved else None


_TOOLS: dict[str, Tools] = {}


def tools_for(reference: Reference) -> Tools:
    """The shared tools of one version of the reference data; only the last version's are kept."""
    if reference.version not in _TOOLS:
        _TOOLS.clear()
        _TOOLS[reference.version] = Tools(reference)
    return _TOOLS[reference.version]
