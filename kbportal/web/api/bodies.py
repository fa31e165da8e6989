"""What calls carry and the long answers, as schemas, from the tables that the code goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from kbportal.events.catalog import LIMITS as EVENT_LIMITS
from kbportal.events.catalog import MAX_DWELL_MS, Event, Surface
from kbportal.tickets.questions import MAX_ANSWER
from kbportal.tickets.submission import LIMITS as TICKET_LIMITS
from kbportal.web.api import events, gaps, insights, tickets
from kbportal.web.api.schema import Schema

_EVENT_FIELDS = ("event_id", "type", "surface", "locale", "article", "section", "query_norm",
                 "index_generation", "ranker_version", "dwell_ms", "reason", "value")  # fmt: skip

EVENT_SAYS = {
    "type": "What was done.",
    "surface": "Where it was done.",
    "locale": "Language of the page.",
    "event_id": "Lets a repeated delivery be recognised.",
    "article": "Id of a public article.",
    "section": "Anchor of the section.",
    "query_norm": "What was typed; it is scrubbed before it is stored.",
    "index_generation": "Which index answered.",
    "ranker_version": "Which ranking answered.",
    "dwell_ms": "Milliseconds in view, at most a day.",
    "reason": "Of a vote or a rejection.",
    "value": "Of a vote yes or no; the language switched to; what proves that a view was seen.",
}
TICKET_SAYS = {
    "subject": "One line.",
    "description": "Plain text.",
    "email": "Exactly one address.",
    "name": "Of whoever asks.",
    "category": "Slug of a category.",
    "lang": "A language of the portal; else the browser's, then the portal's first.",
    "draft_id": "Names the attempt; the header wins.",
}


def event() -> Schema:
    """What a browser tells of its visitor."""
    special: dict[str, Schema] = {
        "type": {"type": "string", "enum": sorted(events.TAKEN)},
        "surface": {"type": "string", "enum": sorted(Surface)},
        "event_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "dwell_ms": {"type": "integer", "minimum": 0, "maximum": MAX_DWELL_MS},
    }
    known = {one.name for one in fields(Event)}
    texts = {
        name: {"type": "string", "maxLength": EVENT_LIMITS[name]}
        for name in _EVENT_FIELDS
        if name in known and name not in special
    }
    return _body_schema(_said(special | texts, EVENT_SAYS), required=["type", "surface", "locale"])


def ticket() -> Schema:
    """A request for help."""
    properties: dict[str, Schema] = {
        name: {"type": "string", "maxLength": TICKET_LIMITS[name]}
        for name in tickets.FIELDS
        if name in TICKET_LIMITS
    }
    properties["lang"] = {"type": "string"}
    properties = _said(properties, TICKET_SAYS)
    properties[tickets.ANSWERS] = {
        "type": "object",
        "description": "To the further questions of the ticket form, by their names.",
        "additionalProperties": {"type": "string", "maxLength": MAX_ANSWER},
    }
    return _body_schema(properties, required=list(tickets.NEEDED))


def numbers() -> Schema:
    """The managers' numbers."""
    return _answered(insights.SAYS)


def written_next() -> Schema:
    """What to write next."""
    return _answered(gaps.SAYS)


def _answered(keys: Mapping[str, tuple[str | list[str], str]]) -> Schema:
    properties: dict[str, Schema] = {
        name: {"type": kind, "description": says} | ({"items": {}} if kind == "array" else {})
        for name, (kind, says) in keys.items()
    }
    return {"type": "object", "properties": properties, "required": [*properties]}


def _said(properties: dict[str, Schema], says: Mapping[str, str]) -> dict[str, Schema]:
    """Each property with its description; a KeyError tells of one that was forgotten."""
    return {name: one | {"description": says[name]} for name, one in properties.items()}


def _body_schema(properties: dict[str, Schema], *, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
