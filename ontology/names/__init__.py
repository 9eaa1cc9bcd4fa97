"""ONE resolver: a written name in a context to the body that is meant. Documents and questions both use it."""

from ontology.names.context import Context
from ontology.names.groups import STATE
from ontology.names.mentions import MentionFinder, mentions_to_entries
from ontology.names.own import OwnNames
from ontology.names.parties import (
    NO_SEPARATOR,
    SHARED_TAIL,
    could_be_name,
    piece_to_parties,
    spoken_of,
    text_to_parties,
)
from ontology.names.resolver import KNOWN_RULES, Resolver
from ontology.names.sorts import Sorts

__all__ = [
    "KNOWN_RULES",
    "NO_SEPARATOR",
    "SHARED_TAIL",
    "STATE",
    "Context",
    "MentionFinder",
    "OwnNames",
    "Resolver",
    "Sorts",
    "could_be_name",
    "mentions_to_entries",
    "piece_to_parties",
    "spoken_of",
    "text_to_parties",
]
