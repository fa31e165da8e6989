"""Builders of test data: each gives a sensible whole, of which a test changes what it is about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from kbportal.articles.model import Article, Audience, Status
from kbportal.events.catalog import Event, EventType, Shown, Surface
from kbportal.markup.model import Rendered
from kbportal.search.index.pages import Page
from kbportal.search.text.chunking import Passage
from kbportal.tickets.draft import Draft, a_draft
from kbportal.tickets.model import Attachment, Ticket
from kbportal.tickets.submission import Submission

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RESET = "en/account/reset-password"

_ids = count(1)

_FACTS: dict[EventType, dict[str, Any]] = {
    EventType.SEARCH: {"query_norm": "reset password", "surface": Surface.SEARCH},
    EventType.SUGGEST_SHOWN: {"query_norm": "reset password", "results": (Shown(RESET),)},
    EventType.SUGGEST_GHOST: {"query_norm": "reset password", "results": (Shown(RESET),)},
    EventType.SUGGEST_EXPANDED: {"article": RESET},
    EventType.SUGGEST_OPENED: {"article": RESET},
    EventType.SUGGEST_REJECTED: {"article": RESET},
    EventType.FORM_SOLVED: {"article": RESET, "query_norm": "reset password"},
    EventType.TICKET_CREATED: {"channel": "form"},
    EventType.TICKET_WITHDRAWN: {"article": RESET, "ticket": "t1"},
    EventType.ARTICLE_VIEWED: {"article": RESET, "dwell_ms": 6_000, "surface": Surface.ARTICLE},
    EventType.ARTICLE_VOTED: {"article": RESET, "value": "yes", "surface": Surface.ARTICLE},
    EventType.LANGUAGE_SWITCHED: {"value": "sk"},
}


def an_event(kind: EventType | str, *, after: timedelta = timedelta(), **facts: Any) -> Event:
    """An event of this type at NOON or so long after, by visitor `v1`, in English."""
    kind = EventType(kind)
    number = next(_ids)
    whole: dict[str, Any] = {
        "event_id": f"{number:032x}",
        "ts": NOON + after,
        "type": kind,
        "surface": Surface.FORM,
        "visitor": "v1",
        "session": "s1",
        "locale": "en",
    }
    if kind is EventType.TICKET_CREATED:
        whole["ticket"] = f"t{number}"
    return Event(**(whole | _FACTS.get(kind, {}) | facts))


def a_ticket(**facts: Any) -> Ticket:
    """A new ticket as a submission makes it, before a store gives it a number."""
    number = next(_ids)
    whole: dict[str, Any] = {
        "id": f"{number:032x}",
        "number": 0,
        "token_digest": f"{number:064x}",
        "subject": "I cannot sign in",
        "description": "The reset link does not arrive.",
        "name": "Jana",
        "email": "jana@example.com",
        "lang": "en",
        "created": NOON,
        "updated": NOON,
        "visitor": "v1",
    }
    return Ticket(**(whole | facts))


def a_submission(**facts: Any) -> Submission:
    """A form that was filled in well."""
    whole: dict[str, Any] = {
        "subject": "I cannot sign in",
        "description": "The reset link does not arrive.",
        "email": "jana@example.com",
        "lang": "en",
        "name": "Jana",
        "draft_id": "draft-1",
        "visitor": "v1",
        "session": "s1",
    }
    return Submission(**(whole | facts))


def an_attachment(**facts: Any) -> Attachment:
    """A small text that waits with the draft `d`."""
    number = next(_ids)
    whole: dict[str, Any] = {
        "id": f"{number:032x}",
        "name": "note.txt",
        "kind": "txt",
        "size_bytes": 5,
        "digest": f"{number:064x}",
        "stored": f"{number:032x}",
        "created": NOON,
        "draft": "d",
    }
    return Attachment(**(whole | facts))


def a_draft_of(writer: str = "tab-1", *, after: timedelta = timedelta(), **typed: str) -> Draft:
    """What a tab has written of a draft, at NOON or so long after."""
    return a_draft("a" * 64, typed, lang="en", writer=writer, now=NOON + after)


UNSCHOOLED = "hr"
"""A language that search has no dictionary of: its index is built in a moment."""

TOPICS = ("password", "parcel", "refund", "invoice", "address", "coupon", "cookie", "delivery",
          "newsletter", "allergy", "subscription", "warranty")  # fmt: skip


def an_article(name: str = "general/password", **facts: Any) -> Article:
    """A published article of that key, in a language without a dictionary."""
    whole: dict[str, Any] = {
        "lang": UNSCHOOLED,
        "key": name,
        "category": name.split("/", maxsplit=1)[0],
        "slug": name.rsplit("/", maxsplit=1)[-1],
        "title": f"Your {name.rsplit('/', maxsplit=1)[-1]}",
        "body": "Some text.",
    } | facts
    whole["status"] = Status(whole.get("status", "published"))
    whole["audience"] = Audience(whole.get("audience", "public"))
    path = f"{whole['lang']}/{name}"
    digest = sha256(repr(sorted(whole.items())).encode("utf-8", "surrogatepass")).hexdigest()
    return Article(**({"id": path, "path": f"{path}.md", "fingerprint": digest} | whole))


def a_page(name: str = "general/password", *texts: str, **facts: Any) -> Page:
    """A page of one passage per text, as if it had been rendered."""
    learned = facts.pop("learned", ())
    parts = tuple(Passage(f"s{n}" if n else "", "", text) for n, text in enumerate(texts))
    return Page(an_article(name, **facts), Rendered(""), parts, learned)


def shop_articles(topics: Sequence[str] = TOPICS, **facts: Any) -> list[Article]:
    """One article per topic, each found by its topic's name and by nothing else."""
    body = (
        "All about the {0} that you have with our shop. Change a {0} on your page.\n\n"
        "## More on {0}\n\nA {0} is kept for two years. Later nobody will find the {0} again.\n"
    )
    return [
        an_article(
            f"general/{topic}",
            body=body.format(topic), answers=(f"where is my {topic}",), **facts,
        )
        for topic in topics
    ]  # fmt: skip


def write_dataset(folder: Path) -> Path:
    """A retrieval data set in the BEIR layout: one document and one query per topic."""
    lang = {"lang": UNSCHOOLED}
    documents = [
        {"_id": f"d-{a.slug}", "title": a.title, "text": a.body, "metadata": lang}
        for a in shop_articles()
    ]
    queries = [
        {"_id": f"q-{topic}", "text": f"where is my {topic}", "metadata": lang} for topic in TOPICS
    ]
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    judged = "".join(f"q-{topic}\td-{topic}\t1\n" for topic in TOPICS)
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    return folder
