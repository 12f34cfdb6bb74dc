"""Programmes: what their documents say is there, nothing that they do not say, and a wrong file is one clear error."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.programmes import (
    PROGRAMMES,
    collaboration_models,
    load_programme,
)
from evalkit.registers import layouts
from tests.unit.programme_pages import FOLDER, pages


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_shipped_programme_is_whole(name: str) -> None:
    programme = load_programme(name)
    assert programme.id == name
    assert programme.fingerprint == load_programme(name).fingerprint
    assert set(programme.layouts) <= set(layouts())
    assert {one.name for one in (files("evalkit.programmes")).iterdir()} >= {f"{name}.toml"}
    # The words must hold the number: a threshold of 0.5 stands beside "50", all beside "Samtlige" or no share at all.
    for one in programme.indicators:
        if one.threshold is not None and one.threshold < 1:
            assert f"{100 * one.threshold:g}" in one.quote.text
    for figure in programme.figures:
        said = f"{figure.value:g}".replace(".", ",")
        assert said in figure.quote.text or programme.id == "juvu"


def test_only_exit_has_thresholds() -> None:
    """The documents of the other five give none, so none is invented."""
    found = {name: [one.threshold for one in load_programme(name).indicators if one.threshold] for name in PROGRAMMES}
    assert found.pop("exit") == [0.5, 0.5, 1.0, 1.0, 0.6]
    assert not any(found.values())


def test_exit_has_its_weights_phases_and_contradictions() -> None:
    """Page 16: 10, 50, 60, 60, 10 and 0 per cent, three left to judgement; pages 15 to 22 the phases."""
    programme = load_programme("exit")
    weights = {one.state: one.weight for one in programme.dose_weights}
    assert [weights[state] for state in ("education", "employment", "out_of_town")] == [None, None, None]
    assert (weights["remand"], weights["serving"], weights["addiction_treatment"]) == (0.1, 0.5, 0.6)
    assert (weights["psychologist_or_caseworker"], weights["in_hospital"], weights["abroad"]) == (0.6, 0.1, 0.0)
    spans = {one.id: one.span for one in programme.phases}
    assert [span and (span.unit, span.least, span.mean, span.most) for span in spans.values()] == [
        ("week", None, 1, 2),
        ("month", None, 1, 3),
        ("month", 2, 4, 10),
        ("month", 1, None, None),
        ("month", None, None, 24),
    ]
    contacts = [(rule.unit, rule.every) for phase in programme.phases for rule in phase.contacts]
    assert contacts == [("day", (7, 10)), ("day", (7, 10)), ("month", (1, 1)), ("month", (3, 3))]
    assert programme.capacity is not None
    assert (programme.capacity.places, programme.capacity.persons_per_year) == (25, 35)
    assert len(programme.measurements[0].dimensions) == 10
    assert programme.measurements[0].scale is None
    assert len(programme.contradictions) == 4


def test_budgets() -> None:
    """4 + 5 + 5 + 5 = 19, of which 1.3 + 2 + 2 + 2 = 7.3; 8 prisons of 1.5, and 3 and 4, are 19."""
    pilot, jobupdate = load_programme("haandholdt_inklusion").budget, load_programme("jobupdate").budget
    assert pilot is not None
    assert jobupdate is not None
    assert [line.millions for line in pilot.lines if not line.part_of] == [4, 5, 5, 5]
    assert [line.millions for line in pilot.lines if line.part_of] == [1.3, 2, 2, 2]
    assert [line.total_millions for line in jobupdate.lines] == [12, 3, 4]


EXIT = (files("evalkit.programmes") / "exit.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold = 0.6", "threshold = 60", "indicator.5.threshold"),
        ("threshold = 0.6", "threshold = -0.1", "indicator.5.threshold"),
        ('threshold = 0.6\ndirection = "at_least"', 'direction = "at_least"', "a threshold needs at_least"),
        ("horizon_months = 24\nthreshold", "horizon_months = 36\nthreshold", "longer than the follow-up of 24 months"),
        ('states = ["employed", "in_education"]', 'states = ["employd"]', "there is no state employd"),
        ('dimensions = ["bolig"]', 'dimensions = ["boliger"]', "no measurement has the dimension boliger"),
        ('dimensions = ["vold", "familie_netvaerk", "besk', 'dimensions = ["krig", "besk', "has no dimension krig"),
        ('event = "exit_2012"', 'event = "exit_2021"', "there is no outcome preset exit_2021"),
        ('event = "exit_2012"\n', "", "an event-free share needs an event"),
        ('layouts = ["exit_sag"]', 'layouts = ["exit_case"]', "there is no layout exit_case"),
        ('field = "exit_sag.BANDE"', 'field = "exit_sag.BAND"', "exit_sag has no column BAND"),
        ("age_min = 18", "age_min = 28", "age_min is above age_max"),
        ("mean = 6\nmost = 12", "mean = 13\nmost = 12", "in this order of size"),
        ("every = [7, 10]", "every = [10, 7]", "the shortest time, then the longest"),
        ('clock_origin = "programme_end"', 'clock_origin = "birth"', "clock_origin"),
        ('id = "completed"', 'id = "attendance"', "two indicators have one id"),
        ("threshold = 0.6", "treshold = 0.6", "is it misspelt?"),
        ('kind = "progression"', 'kind = "progression"\nstates = ["employed"]', "states belong to"),
        ('place = "side 10" }\nopen', 'place = "side 10", source = "x" }\nopen', "source x, which is not there"),
    ],
)
def test_a_wrong_programme_is_one_error(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in EXIT
    (tmp_path / "mine.toml").write_text(EXIT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_programme("mine.toml", tmp_path)
    assert said in str(caught.value)
    assert caught.value.exit_code == 10


def test_a_budget_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    text = (files("evalkit.programmes") / "haandholdt_inklusion.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("total_millions = 19", "total_millions = 20"), encoding="utf-8")
    with pytest.raises(ConfigError, match="add up to 19 million, total_millions says 20"):
        load_programme("mine.toml", tmp_path)
    (tmp_path / "mine.toml").write_text(text.replace('part_of = "all_2016"', 'part_of = "all"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="part_of names all, which is no line"):
        load_programme("mine.toml", tmp_path)
    (tmp_path / "mine.toml").write_text(text.replace("end = 2020-01-01", "end = 2015-01-01"), encoding="utf-8")
    with pytest.raises(ConfigError, match="start must lie before end"):
        load_programme("mine.toml", tmp_path)


@pytest.mark.parametrize("name", ["way_back", "exit.json", "../exit"])
def test_there_is_no_such_programme(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="One of haandholdt_inklusion, god_loesladelse"):
        load_programme(name, tmp_path)


def test_there_are_four_models_of_collaboration() -> None:
    assert [one.number for one in collaboration_models().models] == [1, 2, 3, 4]


def test_the_pages_are_what_the_programmes_make() -> None:
    made = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert there == made, "Run: python -m tests.unit.programme_pages"


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_page_has_every_indicator_with_its_quote_its_data_and_what_is_open(name: str, language: str) -> None:
    text = pages()[f"{name}.{language}.md"]
    for one in load_programme(name).indicators:
        section = text.split(f"(`{one.id}`)")[1].split("\n##")[0]
        assert one.quote.text in section
        assert one.formula.in_language(language) in section
        assert all(f"`{layout}`" in section for layout in one.layouts)
        assert all(said.in_language(language) in section for said in one.open)
