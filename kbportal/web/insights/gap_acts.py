"""What is done about a gap: begin a draft, dismiss it, say what answers it, take that back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.draft_file import DraftFile, DraftRefused, begin_draft
from kbportal.deflection.gaps import decisions
from kbportal.deflection.gaps.model import Gap, State
from kbportal.people.audit import Action
from kbportal.web.auditing import note_act
from kbportal.web.insights.gap import find, show
from kbportal.web.insights.gap_rows import card_of
from kbportal.web.portal import portal
from kbportal.web.staff import the_staff

_ANSWERS = 5
_ACTS = {
    State.NEW: Action.GAP_REOPENED,
    State.WRITTEN: Action.GAP_WRITTEN,
    State.DISMISSED: Action.GAP_DISMISSED,
}


def draft(gap_id: str) -> AnyResponse:
    """Write the draft file. Pressing twice writes one: the gap is taken before the file is made."""
    found = find(gap_id)
    if found.state is not State.NEW:
        return _back(found)
    title = request.form.get("title", "").strip()
    if not title:
        return show(found, problem=_("Please give the article a title."), status=422)
    now = portal().clock()
    taken = decisions.drafted(found, article="", now=now)
    if not portal().gaps.keep(taken, instead_of=found):
        return _back(found)
    try:
        article = begin_draft(portal().settings.articles, _draft(found, title, now))
    except DraftRefused as refusal:
        portal().gaps.keep(found, instead_of=taken)
        return show(found, problem=_refusal(refusal), title=title, status=409)
    portal().gaps.keep(replace(taken, article=article), instead_of=taken)
    note_act(Action.DRAFT_WRITTEN, article, before=found.id)
    return _back(found)


def decide(gap_id: str) -> AnyResponse:
    """Dismiss it, say which article answers it, or take the last decision back."""
    found, now = find(gap_id), portal().clock()
    wanted = request.form.get("decision", "")
    if wanted == "dismissed":
        reason = request.form.get("reason", "").strip()
        if not reason:
            problem = _("Please say why, so that nobody asks again.")
            return show(found, problem=problem, status=422)
        decided = decisions.dismissed(found, reason=reason, now=now)
    elif wanted == "written":
        card = card_of(request.form.get("article", "")[:300])
        if card is None:
            return show(found, problem=_("Choose the article that answers it."), status=422)
        is_public = card.status == "published" and card.audience == "public"
        decided = decisions.written(found, article=card.id, is_public=is_public, now=now)
    elif wanted == "undo":
        decided = decisions.undone(found, now=now)
    else:
        abort(400)
    if not portal().gaps.keep(decided, instead_of=found):
        problem = _("Somebody else decided meanwhile; this is how it stands now.")
        return show(find(gap_id), problem=problem, status=409)
    after = decided.article or str(decided.state)
    note_act(_ACTS[decided.state], found.id, before=str(found.state), after=after)
    return _back(found)


def _draft(gap: Gap, title: str, now: datetime) -> DraftFile:
    evidence = gap.evidence
    original = card_of(evidence.elsewhere) if evidence and evidence.elsewhere else None
    examples = evidence.examples if evidence else ()
    return DraftFile(
        lang=gap.lang,
        category=request.form.get("category", "") or (evidence.category if evidence else ""),
        title=title,
        # Questions become public with the article: none with a word in it that was hidden.
        answers=tuple(one for one in examples if "…" not in one)[:_ANSWERS],
        owner=the_staff().email,
        path=original.key if original else "",
        updated=now.date(),
        notes={"gap": gap.id, "evidence": _evidence(gap)},
    )


def _evidence(gap: Gap) -> list[str]:
    found, made = gap.evidence, portal().gaps.survey()
    if found is None or made is None:
        return []
    since, until = made.since.date().isoformat(), made.until.date().isoformat()
    return [
        f"{since}/{until}: {found.tickets} tickets, {found.searches} searches",
        *(f"{near.article}: {near.shown} shown, {near.opened} opened, {near.wrote} wrote"
          for near in found.near),
    ]  # fmt: skip


def _refusal(refusal: DraftRefused) -> str:
    reasons = {
        "read_only": _("The folder of articles cannot be written by the portal. Nothing was "
                       "changed; ask whoever runs it, or write the file yourself."),
        "full": _("The disk is full. Nothing was changed."),
        "taken": _("There is an article at this place already. Nothing was changed."),
    }  # fmt: skip
    other = _("The file could not be written. Nothing was changed.")
    return str(reasons.get(str(refusal.facts.get("reason")), other))


def _back(gap: Gap) -> AnyResponse:
    return redirect(url_for("insights.gap", gap_id=gap.id), 303)
