"""Closed namespaces: a misspelt term raises `AttributeError` where it is written, not at query time.

`PKG` lists exactly what `policy.ttl` defines (tests/graph/test_terms.py compares the two); the others list the
standard terms that the graph uses, so that a reader sees the whole vocabulary in one place. A term is a plain
`str`, the full IRI.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator


class Namespace:
    """A namespace with a fixed list of local names: `ORG.unitOf` is an IRI, `ORG.unitof` an error."""

    __slots__ = ("_names", "iri")

    def __init__(self, iri: str, names: str) -> None:
        self.iri = iri
        self._names = {name: iri + name for name in names.split()}

    def __getattr__(self, name: str) -> str:
        try:
            return self._names[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._names, n=1)
            hint = f", did you mean {near[0]}?" if near else ""
            raise AttributeError(f"<{self.iri}> has no term {name!r}{hint}") from None

    def __getitem__(self, name: str) -> str:
        """The same for names that Python cannot write as attributes, e.g. `DCTERMS["type"]`."""
        return self.__getattr__(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.values())

    def __contains__(self, iri: object) -> bool:
        return iri in self._names.values()

    def __repr__(self) -> str:
        return f"Namespace({self.iri!r}, {len(self._names)} terms)"


PKG = Namespace(
    "https://w3id.org/policykg/ontology#",
    # classes
    "Document AgencyGroup DepartmentType Region Fact Responsibility Involvement PolicyMention AgencyMention "
    "Deadline Notice Contact Status AssertionType Role ProposedSeries "
    # individuals
    "Planned Reported Named Implied Lead Co "
    # properties between things
    "leadAgency coAgency responsiblePlace announcedIn inSeries inProposedSeries status jurisdiction heldAs covers "
    "assertionType refersTo inActivity party role atPlace carrier "
    # properties of documents and activities
    "activityYear slogan issuingMark issueYear serialNo documentLevel printedBy number section held documentCount "
    # properties of facts
    "asWritten relation rule confidence what qualifier scope dueDate submitTo noticeCode quotesField workKind "
    "stepVersion "
    # reference data
    "placeLevel shortName agencyCategory nameTemplate shortTemplate sector titlePattern keyword issuerName kindLabel",
)

RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "label comment subClassOf Class")
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    "Class ObjectProperty DatatypeProperty NamedIndividual Ontology sameAs versionInfo",
)
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#", "string integer decimal double boolean date dateTime gYear gYearMonth"
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#", "Concept ConceptScheme prefLabel altLabel notation inScheme broader"
)
DCTERMS = Namespace("http://purl.org/dc/terms/", "title identifier source audience spatial isPartOf publisher temporal")
ELI = Namespace(
    "http://data.europa.eu/eli/ontology#",
    "LegalResource id_local type_document date_document date_publication passed_by is_about has_part cites based_on "
    "applies",
)
ORG = Namespace(
    "http://www.w3.org/ns/org#",
    "Organization FormalOrganization OrganizationalUnit OrganizationalCollaboration unitOf hasMember "
    "subOrganizationOf classification",
)
SCHEMA = Namespace(
    "https://schema.org/",
    "Event EventSeries AdministrativeArea Observation CreativeWork ContactPoint name organizer location startDate "
    "endDate superEvent audience containedInPlace containsPlace value maxValue unitText observationDate "
    "temporalCoverage mentions telephone email",
)
PROV = Namespace("http://www.w3.org/ns/prov#", "Activity wasQuotedFrom wasGeneratedBy")
OA = Namespace(
    "http://www.w3.org/ns/oa#",
    "SpecificResource TextPositionSelector TextQuoteSelector hasSource hasSelector start end exact",
)

PREFIXES: dict[str, str] = {
    "pkg": PKG.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "owl": OWL.iri,
    "xsd": XSD.iri,
    "skos": SKOS.iri,
    "dcterms": DCTERMS.iri,
    "eli": ELI.iri,
    "org": ORG.iri,
    "schema": SCHEMA.iri,
    "prov": PROV.iri,
    "oa": OA.iri,
}
"""The prefixes that queries may use undeclared."""
