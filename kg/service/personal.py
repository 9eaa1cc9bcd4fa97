"""Contacts are personal data: masked in search results, left out of exports, unless asked for."""

from __future__ import annotations

from collections.abc import Iterable

from kg.core.model import Contact

MASK = "＊"


def masked(text: str, start: int, contacts: Iterable[Contact]) -> str:
    """`text`, which stands at `start` in its document, with names and numbers of contacts blotted out.

    Each character becomes one mark, so that positions in the text stay right. Only what stands inside the words of
    a contact goes: a person who signs a document or gives a speech is no contact.
    """
    for contact in contacts:
        begin = max(contact.evidence.start - start, 0)
        end = min(contact.evidence.end - start, len(text))
        if begin >= end:
            continue
        words = text[begin:end]
        for secret in (*contact.persons, *contact.phones, *contact.emails):
            words = words.replace(secret, MASK * len(secret))
        text = text[:begin] + words + text[end:]
    return text
