"""What is called popular: what people read, and nothing where too few did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal.events.catalog import Event, EventType, Surface
from kbportal.kernel.errors import PortalError
from kbportal.kernel.ids import new_id
from kbportal.web.popular import KEPT, LEAST_READERS, Popular
from kbportal.wiring import Portal
from tests.cast import an_app

PARCEL, CLOSE, RESET = (
    "en/delivery/late-parcel", "en/account/close-account", "en/account/reset-password",
)  # fmt: skip


def read(portal: Portal, article: str, people: int) -> None:
    portal.events.append(
        [
            Event(
                new_id(), portal.clock() - timedelta(hours=1), EventType.ARTICLE_VIEWED,
                Surface.ARTICLE, visitor=f"v{n}", locale="en", article=article,
            )
            for n in range(people)
        ]
    )  # fmt: skip


def counted(portal: Portal, lang: str = "en") -> tuple[str, ...]:
    popular = Popular(portal.events, portal.clock)
    popular.count(lang)
    return popular.articles(lang)


def test_the_most_read_comes_first(portal: Portal):
    for article, people in ((CLOSE, 6), (PARCEL, 9), (RESET, 5)):
        read(portal, article, people)

    assert counted(portal) == (PARCEL, CLOSE, RESET)
    assert counted(portal, "sk") == ()


def test_what_a_few_people_read_is_not_popular(portal: Portal):
    for article in (CLOSE, PARCEL, RESET):
        read(portal, article, LEAST_READERS - 1)

    assert counted(portal) == ()


def test_two_articles_make_no_list(portal: Portal):
    read(portal, CLOSE, 9)
    read(portal, PARCEL, 9)

    assert counted(portal) == ()


def test_home_and_a_fruitless_search_show_it(portal: Portal):
    for article in (CLOSE, PARCEL, RESET):
        read(portal, article, 6)
    client = an_app(portal).test_client()

    for path in ("/en/", "/en/search?q=qqqwwwzzz"):
        client.get(path)
        assert "Popular articles" in client.get(path).text


def test_without_readers_home_shows_what_is_often_asked(client):
    page = client.get("/en/").text

    assert "Popular articles" not in page
    assert 'id="asked"' in page


def test_a_hidden_article_is_not_popular_however_often_it_was_read(portal: Portal):
    for article in (CLOSE, PARCEL, RESET, "en/account/secret-plan"):
        read(portal, article, 20)
    client = an_app(portal).test_client()
    client.get("/en/")

    assert "Xylophone" not in client.get("/en/").text


class Broken:
    """An event log that cannot be read."""

    asked = 0

    def most_read(self, *_args: object, **_facts: object) -> None:
        self.asked += 1
        raise PortalError("locked")


@pytest.mark.filterwarnings("error")
def test_a_log_that_fails_is_asked_again_only_after_a_while(portal: Portal):
    log, now = Broken(), portal.clock()
    popular = Popular(log, lambda: now)  # type: ignore[arg-type]

    popular.count("en")
    assert popular.articles("en") == ()
    assert log.asked == 1
    now += KEPT
    popular.articles("en")
    popular._counting["en"].join(5)
    assert log.asked == 2
