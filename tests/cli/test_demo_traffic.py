"""Simulated visitors in a database of their own."""

from __future__ import annotations

from kbportal.deflection.metrics import METRICS

FEW = ("demo", "traffic", "--days", "2", "--seed", "3")


def test_traffic_fills_the_report_the_desk_and_tells_the_truth(run, library):
    said = run(*FEW, "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json["truth"].keys() >= METRICS.keys()
    report = run("report", "--json").json
    assert report["outcomes"]["F"] > 100
    assert min(report["outcomes"].values()) > 0
    assert report["filtered"]["crawler"] > 0
    assert report["articles"][0]["article"].startswith("hr/")


def test_real_visits_are_not_mixed_with_simulated_ones(run, library):
    run(*FEW)
    before = run("report", "--json").json["outcomes"]

    again = run(*FEW)

    assert again.code == 1
    assert "KBPORTAL_INSTANCE" in again.complaint
    assert run("report", "--json").json["outcomes"] == before


def test_without_articles_there_is_nothing_to_visit(run, home):
    said = run(*FEW)

    assert said.code == 1
    assert "articles" in said.complaint
