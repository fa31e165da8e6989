from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from kbportal.search.text.forms import Forms, write_forms


def test_known_forms_have_a_term_and_others_none(tmp_path):
    write_forms(tmp_path / "forms", {"hesla": "heslo"})

    forms = Forms(tmp_path / "forms")

    assert (forms.get("hesla"), forms.get("zebra"), forms.get("")) == ("heslo", None, None)


def test_a_lone_surrogate_is_unknown(tmp_path):
    write_forms(tmp_path / "forms", {"a": "a"})

    assert Forms(tmp_path / "forms").get("\udcff") is None


def test_any_thread_may_ask(tmp_path):
    write_forms(tmp_path / "forms", {str(n): f"t{n}" for n in range(500)})
    forms = Forms(tmp_path / "forms")

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: forms.get(str(n)), range(500)))

    assert found == [f"t{n}" for n in range(500)]
