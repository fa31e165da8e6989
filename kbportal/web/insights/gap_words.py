"""Words for gaps: what helps, what became of attempts, how tickets changed."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, format_percent, get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

from kbportal.deflection.gaps.model import MONTH, Advice, Effect, Gap, Near, State, Trend, Why
from kbportal.web.phrases import day

ADVICE_WORDS: Mapping[Advice, LazyString] = {
    Advice.WRITE: lazy_gettext("An article is missing"),
    Advice.TRANSLATE: lazy_gettext("A translation is missing"),
    Advice.IMPROVE: lazy_gettext("An article is not found or does not help"),
}

STATE_WORDS: Mapping[State, LazyString] = {
    State.NEW: lazy_gettext("New"),
    State.DRAFTED: lazy_gettext("Draft"),
    State.WRITTEN: lazy_gettext("Written"),
    State.DISMISSED: lazy_gettext("Dismissed"),
}

WHY_WORDS: Mapping[Why, LazyString] = {
    Why.NOTHING_FOUND: lazy_gettext("Searched, and nothing was found"),
    Why.NOTHING_OPENED: lazy_gettext("Searched, and opened nothing of what was found"),
    Why.SILENT: lazy_gettext("Wrote to us, and nothing was suggested"),
    Why.NOT_OPENED: lazy_gettext("Wrote to us, and opened nothing of what was suggested"),
    Why.OF_NO_HELP: lazy_gettext("Read an article, and wrote to us all the same"),
    Why.HELD_BACK: lazy_gettext("Wrote to us; suggestions were held back for the experiment"),
    Why.NOT_ASKED: lazy_gettext(
        "Wrote to us on another way than the form, or without being counted"
    ),
}


def trend_word(trend: Trend | None) -> str:
    """How the later four weeks compare with the earlier; empty where nothing can be said."""
    if trend is None:
        return ""
    if trend.low > 1:
        return str(_("Growing"))
    return str(_("Falling") if trend.high < 1 else _("No clear trend"))


def trend_range(trend: Trend | None) -> str:
    """The change in percent with its interval."""
    if trend is None:
        return ""
    return _with_range(trend.ratio, trend.low, trend.high)


def near_words(near: Near) -> list[str]:
    """Why an article that might have answered did not, most telling first."""
    said = []
    if near.resolved:
        said.append(
            ngettext(
                "Agents solved %(num)d ticket with it",
                "Agents solved %(num)d tickets with it",
                near.resolved,
            )
        )
    if near.wrote:
        said.append(
            ngettext(
                "%(num)d person opened it and wrote to us all the same",
                "%(num)d people opened it and wrote to us all the same",
                near.wrote,
            )
        )
    elif near.opened:
        said.append(ngettext("%(num)d person opened it", "%(num)d people opened it", near.opened))
    elif near.shown:
        said.append(
            ngettext(
                "Shown to %(num)d person, and not opened",
                "Shown to %(num)d people, and not opened",
                near.shown,
            )
        )
    else:
        said.append(_("Not shown to anybody who needed this"))
    return [str(one) for one in said]


def effect_words(gap: Gap) -> str:
    """What became of tickets after publishing; empty before there is an article."""
    if gap.published is None:
        return ""
    if gap.effect is None:
        due = day((gap.published + MONTH).date())
        return str(_("Whether tickets fell is counted on %(day)s.", day=due))
    return _effect(gap.effect)


def _effect(effect: Effect) -> str:
    counts = str(
        _("%(before)s tickets in the four weeks before, %(after)s in the four weeks after.",
          before=effect.before, after=effect.after)
    )  # fmt: skip
    if effect.change is None or effect.low is None or effect.high is None:
        return f"{_('Not enough data yet')}: {counts}"
    facts = {"range": _with_range(effect.change, effect.low, effect.high)}
    if effect.high < 1:
        told = _("Tickets fell, compared with the other gaps: %(range)s.", **facts)
    elif effect.low > 1:
        told = _("Tickets rose, compared with the other gaps: %(range)s.", **facts)
    else:
        told = _("No clear change, compared with the other gaps: %(range)s.", **facts)
    return f"{told} {counts}"


def _with_range(ratio: float, low: float, high: float) -> str:
    span = _("%(low)s to %(high)s", low=_change(low), high=_change(high))
    return f"{_change(ratio)} ({_('95 %% interval: %(range)s', range=span)})"


def _change(ratio: float) -> str:
    """A ratio as the change in percent, with its sign: `+40 %`."""
    if ratio == float("inf"):
        return "∞"
    change = round(100 * (ratio - 1)) / 100
    pattern = get_locale().percent_formats[None].pattern
    shown = str(format_percent(abs(change), pattern))
    return f"{'+' if change > 0 else '−' if change < 0 else '±'}{shown}"
