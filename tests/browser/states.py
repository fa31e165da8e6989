"""Every page in every state that it can be in: how a browser gets there, in any language.

Nothing here is found by its words, which differ: by ids, names and data attributes alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from playwright.sync_api import Page

from kbportal.deflection.gaps.model import State as Draft
from kbportal.deflection.search_quality import Finding
from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.accounts import open_session
from kbportal.people.model import User
from kbportal.tickets.desk import resolve
from kbportal.tickets.links import renew
from kbportal.web.staff import COOKIE as STAFF_COOKIE
from tests.browser.everywhere import LANGUAGES, LONG, Everywhere
from tests.builders import a_ticket, an_event
from tests.files import LOG
from tests.gaps import a_full_gap, a_gap, counted
from tests.rooms.staff import PASSWORD, a_colleague, app_code, give_second_factor

SEND = "form[data-contact] .form-end [type=submit]"


@dataclass(frozen=True)
class Here:
    """A page of the portal that is opened in a language."""

    page: Page
    lang: str
    there: Everywhere

    @property
    def other(self) -> str:
        """The next language."""
        return LANGUAGES[(LANGUAGES.index(self.lang) + 1) % len(LANGUAGES)]

    def go(self, path: str) -> None:
        self.page.goto(path.format(lang=self.lang, other=self.other))

    def words(self) -> str:
        """The title of an article in this language."""
        return self.there.titles[self.lang]


@dataclass(frozen=True)
class State:
    """What is rendered, how to get there, who looks at it, and which rules it may break."""

    template: str
    go: Callable[[Here], object]
    role: str | None = None
    allowed: frozenset[str] = frozenset()


def at(path: str) -> Callable[[Here], object]:
    return lambda here: here.go(path)


def search(here: Here) -> None:
    here.go(f"/{{lang}}/search?q={here.words()}")


def vote_reasons(here: Here) -> None:
    here.go("/{lang}/articles/reset-password")
    here.page.locator("[data-vote-answer=no]").click()
    here.page.locator("[data-vote-more]").wait_for()


def menu(here: Here) -> None:
    here.go("/{lang}/")
    here.page.locator("[data-menu] summary").click()


def type_subject(here: Here) -> None:
    here.go("/{lang}/contact")
    here.page.locator("#subject").press_sequentially(here.words())
    here.page.locator("[data-suggestion-list] > *").first.wait_for()


def suggestions_announced(here: Here) -> None:
    """As when they come late, without waiting for them to."""
    here.go("/{lang}/contact")
    here.page.locator("[data-suggestions-peek]").evaluate(
        """peek => {
            peek.querySelector("[data-count]").textContent = peek.form.dataset.countOne;
            peek.hidden = false;
        }"""
    )


def suggestion_open(here: Here) -> None:
    type_subject(here)
    here.page.locator("[data-suggestion-list] button[aria-expanded]").first.click()
    here.page.locator("[data-suggestion-list] .prose p").first.wait_for()


def suggestion_solved(here: Here) -> None:
    suggestion_open(here)
    here.page.locator("[data-part=solved]").first.click()


def fill_in(here: Here, *, email: str = "jana@example.com") -> None:
    here.go("/{lang}/contact")
    here.page.fill("#subject", here.words())
    here.page.fill("#description", here.words())
    here.page.fill("#email", email)


def form_errors(here: Here) -> None:
    fill_in(here, email="nonsense")
    here.page.locator(SEND).first.click()
    here.page.get_by_role("alert").first.wait_for()


def form_begun(here: Here) -> None:
    """Days later: what was written is there again, with its file and the questions of its topic."""
    fill_in(here)
    with here.page.expect_response(lambda one: one.url.endswith("/contact/files")):
        here.page.locator("#files").set_input_files(
            [{"name": f"{LONG}.log", "mimeType": "text/plain", "buffer": LOG}]
        )
    with here.page.expect_response(lambda one: one.url.endswith("/contact/draft") and one.ok):
        here.page.select_option("#category", index=1)
    here.go("/{lang}/contact")
    here.page.locator("[data-file]").first.wait_for()


def suspected_spam(here: Here) -> None:
    held = a_ticket(quarantine=("trap", "links"), created=utc_now(), updated=utc_now())
    event = an_event("ticket_created", event_id=held.id, ticket=held.id)
    kept, _ = here.there.portal.tickets.file(held, event)
    here.go(f"/desk/{kept.number}")


def gaps(here: Here) -> None:
    begun = replace(a_full_gap("g2", name=LONG), state=Draft.DRAFTED, article="en/shop/gift")
    counted(here.there.portal, a_full_gap(lang=here.lang), begun, a_gap("g3", name="Scale"))
    here.go("/insights/gaps")


def gap(here: Here) -> None:
    gaps(here)
    here.go("/insights/gaps/g1")


def gap_begun(here: Here) -> None:
    gaps(here)
    here.go("/insights/gaps/g2")


def gap_refused(here: Here) -> None:
    gap(here)
    here.page.locator("#reason").fill(" ")
    here.page.locator("button[value=dismissed]").click()
    here.page.locator("[role=alert]").wait_for()


def without_scripts(here: Here) -> None:
    """The form as a browser sends it in which no script has said otherwise."""
    fill_in(here)
    here.page.evaluate(
        "() => { const form = document.querySelector('[data-contact]');"
        " form.elements.enhanced.value = ''; form.submit(); }"
    )
    here.page.locator("button[name=solved]").first.wait_for(state="attached")


def solved_without_scripts(here: Here) -> None:
    without_scripts(here)
    here.page.locator("summary").filter(visible=True).last.click()
    here.page.locator("button[name=solved]").filter(visible=True).first.click()


def sent(here: Here) -> None:
    fill_in(here)
    here.page.locator(SEND).first.click()
    here.page.wait_for_url("**/sent")


def ticket(here: Here) -> None:
    sent(here)
    here.page.locator("main a[href*='/tickets/']").first.click()
    here.page.wait_for_url(re.compile(r"/tickets/[^/]+$"))


def reply_refused(here: Here) -> None:
    ticket(here)
    here.page.locator("form[action$='/reply'] [type=submit]").first.click()
    here.page.locator("#body[aria-invalid=true]").wait_for()


def withdrawn(here: Here) -> None:
    ticket(here)
    here.page.locator("form[action$='/withdraw'] [type=submit]").first.click()
    here.page.locator("form[action$='/undo']").wait_for()


def link_ended(here: Here) -> None:
    """A request whose address was replaced meanwhile."""
    ticket(here)
    tickets = here.there.portal.tickets
    renew(tickets, tickets.list().tickets[0], now=utc_now())
    here.page.reload()


def framed_suggestion(here: Here) -> None:
    here.go("/{lang}/widget/contact")
    here.page.locator("#subject").press_sequentially(here.words())
    here.page.locator("[data-suggestion-list] button[aria-expanded]").first.click()
    here.page.locator("[data-suggestion-list] .prose p").first.wait_for()


def options_open(here: Here) -> None:
    """The search field with what it offers while one types."""
    here.go("/{lang}/")
    here.page.get_by_role("combobox").first.press_sequentially(here.words()[:8])
    here.page.get_by_role("option").first.wait_for()


def desk_ticket(here: Here) -> None:
    here.go(f"/desk/{here.there.tickets[here.lang].number}")


def desk_finding(here: Here) -> None:
    desk_ticket(here)
    here.page.locator("[formaction*='/find']").last.click()


def answer_refused(here: Here) -> None:
    desk_ticket(here)
    here.page.locator("#answer .button-main").first.click()
    here.page.locator("[aria-invalid=true]").first.wait_for()


def signed_out(here: Here) -> None:
    desk_ticket(here)
    here.page.context.clear_cookies(name="kb_staff")
    here.page.locator(".desk-move [type=submit]").click()


def wrong_password(here: Here) -> None:
    here.go("/account/login")
    here.page.fill("[name=email]", "ola@example.com")
    here.page.fill("[name=password]", "not this one either")
    here.page.locator("main [type=submit].button-main").click()
    here.page.get_by_role("alert").first.wait_for()


def newcomer(here: Here) -> User:
    """A colleague of their own: what changes them shall disturb nobody else's session."""
    portal = here.there.portal
    user = a_colleague(portal, email=f"{new_id()}@example.com", name="Ola Nová")
    come_in(here, user)
    return user


def come_in(here: Here, user: User) -> None:
    token = open_session(here.there.portal.people, user, now=utc_now())
    here.page.context.add_cookies(
        [{"name": STAFF_COOKIE, "value": token, "url": here.there.address}]
    )


def second_factor(here: Here) -> None:
    newcomer(here)
    here.go("/account/second-factor")


def second_factor_refused(here: Here) -> None:
    second_factor(here)
    here.page.fill("[name=code]", "12345")
    here.page.fill("[name=password]", PASSWORD)
    here.page.locator("form[action$='/second-factor'] [type=submit]").click()
    here.page.locator("[name=code][aria-invalid=true]").wait_for()


def recovery_codes(here: Here) -> None:
    second_factor(here)
    key = here.page.locator(".app-key").inner_text().replace(" ", "")
    here.page.fill("[name=code]", app_code(key))
    here.page.fill("[name=password]", PASSWORD)
    here.page.locator("form[action$='/second-factor'] [type=submit]").click()
    here.page.locator(".recovery-codes").wait_for()


def second_factor_on(here: Here) -> None:
    user = newcomer(here)
    give_second_factor(here.there.portal, user)
    come_in(here, user)
    here.go("/account/second-factor")


def code_asked(here: Here) -> None:
    user = newcomer(here)
    give_second_factor(here.there.portal, user)
    here.go("/account/login")
    here.page.fill("[name=email]", user.email)
    here.page.fill("[name=password]", PASSWORD)
    here.page.locator("main [type=submit].button-main").click()
    here.page.locator("[name=code]").wait_for()


def wrong_code(here: Here) -> None:
    code_asked(here)
    here.page.fill("[name=code]", "12345")
    here.page.locator("main [type=submit].button-main").click()
    here.page.get_by_role("alert").first.wait_for()


def join(here: Here) -> None:
    here.go(f"/account/join/{here.there.invitation}")


def poor_password(here: Here) -> None:
    join(here)
    here.page.fill("[name=password]", "short")
    here.page.locator("main [type=submit].button-main").click()


def invited(here: Here) -> None:
    here.go("/account/people")
    here.page.fill("[name=email]", "new@example.com")
    here.page.locator("form[action$='/people'] [type=submit]").click()


def judged_searches(here: Here) -> None:
    """Search was judged by tickets of two weeks, so that a line can be drawn."""
    portal, now = here.there.portal, utc_now()
    for days in (1, 9, 17):
        ticket = a_ticket(created=now - timedelta(days=days), updated=now)
        event = an_event("ticket_created", event_id=ticket.id, ticket=ticket.id)
        kept, _ = portal.tickets.file(ticket, event)
        right = f"{here.lang}/account/reset-password"
        portal.quality.keep([Finding(kept.id, kept.created, here.lang, "g1", (right,))])
        resolve(portal.tickets, kept, article_id=right, now=now)
    here.go("/insights/searches")


NO_TICKETS = "/desk/?status=waiting&language={lang}"
CUSTOMERS = {
    "home": State("help/home.html", at("/{lang}/")),
    "language menu": State("help/home.html", menu),
    "search": State("help/search.html", search),
    "nothing found": State("help/search.html", at("/{lang}/search?q=qqqwwwzzz")),
    "nothing asked": State("help/search_start.html", at("/{lang}/search")),
    "category": State("help/category.html", at("/{lang}/categories/account")),
    "category elsewhere": State(
        "help/category_elsewhere.html", at("/{lang}/categories/alone-{other}")
    ),
    "article": State("help/article.html", at("/{lang}/articles/reset-password")),
    "article of everything": State("help/article.html", at("/{lang}/articles/everything")),
    "article elsewhere": State("help/untranslated.html", at("/{lang}/articles/only-{other}")),
    "reasons of a vote": State("help/article.html", vote_reasons),
    "often asked": State("help/faq.html", at("/{lang}/faq")),
    "vote": State("help/vote.html", at("/{lang}/articles/reset-password/vote?answer=no")),
    "voted": State("help/vote.html", at("/{lang}/articles/reset-password/thanks")),
    "form": State("help/contact.html", at("/{lang}/contact")),
    "suggestions": State("help/contact.html", type_subject),
    "suggestions announced": State("help/contact.html", suggestions_announced),
    "suggestion open": State("help/contact.html", suggestion_open),
    "suggestion solved": State("help/contact.html", suggestion_solved),
    "form errors": State("help/contact.html", form_errors),
    "form begun before": State("help/contact.html", form_begun),
    "step without scripts": State("help/contact_suggest.html", without_scripts),
    "solved without scripts": State("help/solved.html", solved_without_scripts),
    "sent": State("help/sent.html", sent),
    "ticket": State("help/ticket.html", ticket),
    "reply refused": State("help/ticket.html", reply_refused),
    "withdrawn": State("help/ticket.html", withdrawn),
    "not found": State("errors/error.html", at("/{lang}/nothing-here")),
    "options while typing": State("help/home.html", options_open),
    "what is counted": State("help/privacy.html", at("/{lang}/privacy")),
    "find my requests": State("help/again.html", at("/{lang}/tickets")),
    "letter asked for": State("help/asked.html", at("/{lang}/tickets/asked")),
    "link ended": State("help/ended.html", link_ended),
    "about the API": State("api/index.html", at("/api/")),
    "home in a frame": State("help/home.html", at("/{lang}/widget/")),
    "article in a frame": State("help/article.html", at("/{lang}/widget/articles/everything")),
    "suggestion in a frame": State("help/contact.html", framed_suggestion),
}
STAFF = {
    "sign in": State("account/login.html", at("/account/login")),
    "wrong password": State("account/login.html", wrong_password),
    "join": State("account/join.html", join),
    "poor password": State("account/join.html", poor_password),
    "link used": State("account/join_spent.html", at("/account/join/xxxx")),
    "my account": State("account/me.html", at("/account/"), "agent"),
    "second factor": State("account/second_factor.html", second_factor),
    "second factor refused": State("account/second_factor.html", second_factor_refused),
    "recovery codes": State("account/recovery_codes.html", recovery_codes),
    "second factor on": State("account/second_factor.html", second_factor_on),
    "code asked": State("account/code.html", code_asked),
    "wrong code": State("account/code.html", wrong_code),
    "people": State("account/people.html", at("/account/people"), "admin"),
    "acts": State("account/audit.html", at("/account/audit"), "admin"),
    "invited": State("account/people.html", invited, "admin"),
    "tickets": State("desk/tickets.html", at("/desk/"), "agent"),
    "no tickets": State("desk/tickets.html", at(NO_TICKETS), "agent"),
    "ticket at the desk": State("desk/ticket.html", desk_ticket, "agent"),
    "articles for an answer": State("desk/ticket.html", desk_finding, "agent"),
    "answer refused": State("desk/ticket.html", answer_refused, "agent"),
    "suspected spam": State("desk/ticket.html", suspected_spam, "agent"),
    "list of suspected spam": State("desk/tickets.html", at("/desk/?status=spam"), "agent"),
    "letters": State("desk/letters.html", at("/desk/letters"), "agent"),
    # The same parts stand there twice on purpose, light beside dark.
    "style page": State(
        "help/style.html", at("/style/"), "agent", frozenset({"landmark-unique"})
    ),
    "signed out": State("staff/signed_out.html", signed_out, "agent"),
    "numbers": State("insights/dashboard.html", at("/insights/"), "manager"),
    "numbers of articles": State("insights/articles.html", at("/insights/articles"), "manager"),
    "numbers of searches": State("insights/searches.html", judged_searches, "manager"),
    "definitions": State("insights/definitions.html", at("/insights/definitions"), "manager"),
    "rows of a number": State(
        "insights/rows.html", at("/insights/rows/submission_rate?page=2"), "manager"
    ),
    "experiments": State("insights/experiments.html", at("/insights/experiments"), "manager"),
    "no numbers": State(
        "insights/dashboard.html", at("/insights/?from=2020-01-01&to=2020-01-02"), "manager"
    ),
    "gaps": State("insights/gaps.html", gaps, "manager"),
    "no gaps": State("insights/gaps.html", at("/insights/gaps?state=dismissed"), "manager"),
    "a gap": State("insights/gap.html", gap, "manager"),
    "a gap with a draft": State("insights/gap.html", gap_begun, "manager"),
    "a gap not dismissed": State("insights/gap.html", gap_refused, "manager"),
    "door closed": State("errors/error.html", at("/account/people"), "agent"),
}  # fmt: skip
STATES = CUSTOMERS | STAFF
PASSING = {
    "staff/moment.html": "leads on by itself at once",
    "staff/second_step_first.html": "in test_parts: only where a second factor is a must",
    "layout.html": "",
    "staff.html": "",
}
"""Templates that no state shows, and why."""
