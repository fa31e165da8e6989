"""Pictures beside the articles: what is read of them, and what of them lies on a shelf."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbportal.articles.images import MAX_BYTES, Image, read_image, sizes_of
from kbportal.articles.library import read_library
from kbportal.articles.lint import lint
from kbportal.articles.model import Problem
from kbportal.articles.rendering import render_articles
from kbportal.articles.shelf import Shelf, write_shelf
from kbportal.kernel.clock import utc_now
from kbportal.markup.model import Rendered
from tests.pictures import SVG, a_picture, put


def read(root: Path, data: bytes, name: str = "x.png") -> Image | Problem:
    return read_image(put(root, name, data), path=name)


@pytest.mark.parametrize(
    ("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_a_picture_is_what_its_content_says_whatever_its_file_is_called(tmp_path, kind, suffix):
    found = read(tmp_path, a_picture(kind, size=(40, 30)), "misnamed.png")

    assert isinstance(found, Image)
    assert (found.name.rpartition(".")[2], found.width, found.height) == (suffix, 40, 30)


@pytest.mark.parametrize(
    ("tag", "size"),
    [
        (b'<svg viewBox="0 0 40.5 30">', (40, 30)),
        (b'<svg width="40px" height="30">', (40, 30)),
        (b'<svg stroke-width="3" width="100%" height="100%">', (0, 0)),
    ],
)
def test_a_drawing_has_the_size_that_it_says(tmp_path, tag, size):
    found = read(tmp_path, tag + b"</svg>")

    assert isinstance(found, Image)
    assert found.name.endswith(".svg")
    assert (found.width, found.height) == size


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"<html><script>alert(1)</script></html>", "image-unknown"),
        (b"", "image-unknown"),
        (a_picture()[:20], "image-unknown"),
        (b"\x89PNG" + b"\0" * MAX_BYTES, "image-too-large"),
        (b'<svg width="60000" height="60000"></svg>', "image-too-large"),
    ],
)
def test_what_cannot_be_shown_is_reported(tmp_path, data, rule):
    found = read(tmp_path, data)

    assert isinstance(found, Problem)
    assert (found.file, found.rule) == ("x.png", rule)


def test_a_huge_picture_keeps_its_proportions_on_the_page(tmp_path):
    found = read(tmp_path, b'<svg viewBox="0 0 20000 1000"></svg>')

    assert isinstance(found, Image)
    assert sizes_of([found]) == {found.address: (9999, 500)}


def a_library(root: Path) -> Path:
    put(root, "en/a/one.md", b"![A](one.png) ![B](../../images/b.svg) [big](one.png)\n")
    put(root, "en/a/one.png", a_picture())
    put(root, "images/b.svg", SVG)
    put(root, "en/a/.hidden.png", a_picture())
    return root


def rendered(root: Path) -> str:
    library = read_library(root)
    ((_, page),) = render_articles(library.articles, images=library.images)
    assert isinstance(page, Rendered)
    return page.html


def test_pictures_are_read_beside_articles_and_in_folders_of_their_own(tmp_path):
    library = read_library(a_library(tmp_path))

    assert [image.path for image in library.images] == ["en/a/one.png", "images/b.svg"]
    assert library.problems == ()


def test_a_picture_comes_with_its_size_and_late(tmp_path):
    html = rendered(a_library(tmp_path))

    assert html.count('width="40" height="30"') == 2
    assert html.count('loading="lazy"') == 2
    assert '<a href="/media/' in html


def test_the_width_that_an_author_chose_counts(tmp_path):
    put(tmp_path, "en/a/one.png", a_picture())
    put(tmp_path, "en/a/one.md", b'<img src="one.png" alt="A" width="20">\n')

    html = rendered(tmp_path)

    assert 'width="20"' in html
    assert 'height="15"' in html


@pytest.mark.parametrize("path", ["../../../secret.png", "/etc/passwd.png", "gone.png"])
def test_a_picture_elsewhere_on_the_disk_is_not_shown(tmp_path, path):
    put(tmp_path, "secret.png", a_picture())
    put(tmp_path, "lib/en/a/one.md", f"![A]({path})\n".encode())

    assert "/media/" not in rendered(tmp_path / "lib")


def test_a_linked_picture_outside_of_the_folder_is_not_read(tmp_path):
    secret = put(tmp_path, "secret.png", a_picture())
    put(tmp_path, "lib/en/a/one.md", b"![A](x.png)\n")
    (tmp_path / "lib/en/a/x.png").symlink_to(secret)

    library = read_library(tmp_path / "lib")

    assert library.images == ()
    assert [one.rule for one in library.problems] == ["unreadable"]


def test_lint_says_which_picture_is_not_there(tmp_path):
    put(a_library(tmp_path), "en/a/two.md", b"![A](one.png) ![B](two.png)\n")

    found = [one for one in lint(read_library(tmp_path), today=utc_now().date())
             if one.rule.startswith(("image", "broken"))]  # fmt: skip

    assert [(one.file, one.rule) for one in found] == [("en/a/two.md", "image-not-found")]
    assert "two.png" in found[0].message


def on_shelf(root: Path, shelf: Path, *, earlier: Path | None = None) -> Shelf:
    library = read_library(root)
    pages = [(a, p, ()) for a, p in render_articles(library.articles, images=library.images)
             if isinstance(p, Rendered)]  # fmt: skip
    without = [one.id for one in library.articles]
    write_shelf(shelf, pages, images=library.images, earlier=earlier, without=without)
    return Shelf(shelf)


def test_a_shelf_holds_the_pictures_that_its_articles_show(tmp_path):
    put(a_library(tmp_path / "lib"), "en/a/unused.png", a_picture(colour=9))
    shelf = on_shelf(tmp_path / "lib", tmp_path / "shelf")

    names = dict(shelf.image_names())
    assert shelf.image(names["en/a/one.png"]) == a_picture()
    assert shelf.image(names["images/b.svg"]) == SVG
    assert shelf.image(names["en/a/unused.png"]) is None


def test_a_picture_that_is_no_longer_shown_leaves_the_shelf(tmp_path):
    first = on_shelf(a_library(tmp_path / "lib"), tmp_path / "first")
    (name,) = {name for path, name in first.image_names() if path.endswith("one.png")}
    put(tmp_path / "lib", "en/a/one.md", b"No picture.\n")

    second = on_shelf(tmp_path / "lib", tmp_path / "second", earlier=tmp_path / "first")

    assert (first.image(name), second.image(name)) == (a_picture(), None)


def test_a_picture_that_only_a_draft_shows_is_not_public(tmp_path):
    put(a_library(tmp_path / "lib"), "en/a/one.md", b"---\nstatus: draft\n---\n![A](one.png)\n")

    shelf = on_shelf(tmp_path / "lib", tmp_path / "shelf")

    (name,) = {name for path, name in shelf.image_names() if path.endswith("one.png")}
    assert shelf.image(name) is None
    assert shelf.image(name, audience="staff") == a_picture()
