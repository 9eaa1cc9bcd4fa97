"""The SPARQL 1.1 Service Description: what the endpoint tells a program that asks it nothing.

https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from kg.graph.rdf import Quad
from kg.graph.store import serialize
from ontology.terms import RDF, Namespace

SD = Namespace(
    "http://www.w3.org/ns/sparql-service-description#",
    "Service Dataset Graph endpoint supportedLanguage SPARQL11Query feature UnionDefaultGraph resultFormat "
    "defaultDataset defaultGraph",
)
# https://www.w3.org/ns/formats/
_RESULTS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML"),
)
_FORMATS = "http://www.w3.org/ns/formats/"


def describe(endpoint: str, format_: str) -> bytes:
    """The description of the service at an address (an IRI without blanks), in one of the graph formats."""
    service, dataset, graph = "_:service", "_:dataset", "_:graph"
    triples = [
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, endpoint),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.feature, SD.UnionDefaultGraph),
        *((service, SD.resultFormat, _FORMATS + name) for name in _RESULTS),
        (service, SD.defaultDataset, dataset),
        (dataset, RDF.type, SD.Dataset),
        (dataset, SD.defaultGraph, graph),
        (graph, RDF.type, SD.Graph),
    ]
    return serialize((Quad(*triple, "") for triple in triples), format_)
