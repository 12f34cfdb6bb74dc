"""Each programme's demo, from its synthetic registers to its report: what was planted is what it finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import Result

from evalkit import api
from evalkit.evaluation import Evaluation, evaluate
from evalkit.programmes import PROGRAMMES, load_programme
from evalkit.study import load_study

Evalkit = Callable[..., Result]

ARMS = {"haandholdt_inklusion": ("pilot", "comparison"), "god_loesladelse": ("pilot",), "juvu": ("pilot", "comparison")}
PERSONS = 4000
SIGNS = {f"sign_{sign}" for sign in ("without_work", "on_benefit", "housing", "economy", "treatment", "any")}
COMPASS = {
    "vold": "violence",
    "familie_netvaerk": "family_network",
    "beskaeftigelse_uddannelse": "work_education",
    "interesser_fritid": "leisure",
    "bolig": "housing",
    "kriminalitet": "crime",
    "oekonomi": "economy",
    "fysisk_helbred": "physical_health",
    "psykisk_helbred": "mental_health",
    "rusmidler": "substance_use",
}
"""The extract's word for each dimension to the results' name."""


@dataclass(frozen=True)
class Demo:
    """What a demo does, step by step, so that its results can be looked at before the door."""

    truth: dict[str, Any]
    evaluation: Evaluation
    report: str


class Demos:
    """Demos, made once each when somebody asks for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, Demo] = {}

    def __getitem__(self, programme: str) -> Demo:
        if programme not in self.made:
            folder = self.folder / programme
            study_file = api.synth(folder, programme=programme, persons=PERSONS, seed=7, language="en")
            evaluation = evaluate(load_study(study_file))
            report = api.publish(evaluation, folder).read_text(encoding="utf-8")
            truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            self.made[programme] = Demo(truth, evaluation, report)
        return self.made[programme]


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Demos:
    return Demos(tmp_path_factory.mktemp("demos"))


def only(evaluation: Evaluation, table: str, **where: object) -> dict[str, Any]:
    rows = evaluation[table].tidy().filter(*(pl.col(name) == value for name, value in where.items()))
    assert rows.height == 1
    return rows.row(0, named=True)


EACH_ARM = pytest.mark.parametrize(
    ("programme", "arm"), [(programme, arm) for programme, arms in ARMS.items() for arm in arms]
)


@EACH_ARM
def test_persons_and_reoffences(demos: Demos, programme: str, arm: str) -> None:
    planted, found = demos[programme].truth["arms"][arm], only(demos[programme].evaluation, "risk", arm=arm)
    assert found["n_persons"] == planted["n_persons"] > 100
    assert found["n_events"] == planted["n_reoffended"]
    assert found["n_left"] == planted["n_died"] + planted["n_emigrated"]
    assert found["estimate"] == pytest.approx(planted["two_year_risk"], abs=5e-7)


@EACH_ARM
def test_plan_continuity_and_status(demos: Demos, programme: str, arm: str) -> None:
    evaluation, planted = demos[programme].evaluation, demos[programme].truth["arms"][arm]
    for checkpoint, n in planted["continuity"]["n_continuing"].items():
        found = only(evaluation, "continuity", arm=arm, domain="any", checkpoint=checkpoint)
        assert (found["n_with_plan"], found["n_continuing"]) == (planted["continuity"]["n_with_plan"], n)
    status = evaluation["status"].tidy().filter(pl.col("arm") == arm)
    for month, states in planted["status"].items():
        counted = dict(status.filter(pl.col("month") == int(month)).select("state", "n_persons").rows())
        assert {state: n for state, n in counted.items() if n} == {state: n for state, n in states.items() if n}


@EACH_ARM
def test_what_was_done_before_release(demos: Demos, programme: str, arm: str) -> None:
    planted = demos[programme].truth["process"][arm]
    rows = demos[programme].evaluation["process"].tidy().filter(pl.col("arm") == arm)
    found = {measure: (n, reached) for measure, n, reached in rows.select("measure", "n_persons", "n_reached").rows()}
    counted_elsewhere = found.keys() - planted.keys()
    assert counted_elsewhere <= SIGNS | {"plan_begun_inside"}
    told = {name: n for name, n in found.items() if name not in counted_elsewhere}
    assert told == {name: (planted[name]["n_persons"], planted[name]["n_reached"]) for name in told}
    assert told


@pytest.mark.parametrize("arm", ARMS["haandholdt_inklusion"])
def test_signs_of_vulnerability_and_plans_begun_inside_agree_with_other_tables(demos: Demos, arm: str) -> None:
    """They are not in the truth: work before admission is a covariate too, and plans have their own table."""
    evaluation = demos["haandholdt_inklusion"].evaluation
    n_persons = demos["haandholdt_inklusion"].truth["arms"][arm]["n_persons"]
    found = {row["measure"]: row for row in evaluation["process"].tidy().filter(arm=arm).to_dicts()}
    assert {found[sign]["n_persons"] for sign in SIGNS} == {n_persons}
    idle = only(evaluation, "baseline", arm=arm, variable="worked_year_before_admission", level="no")
    assert found["sign_without_work"]["n_reached"] == idle["n_persons"]
    n_any, reached = found["sign_any"]["n_reached"], [found[sign]["n_reached"] for sign in SIGNS - {"sign_any"}]
    assert max(reached) <= n_any <= min(sum(reached), n_persons)
    with_plan = only(evaluation, "continuity", arm=arm, domain="any", checkpoint="resumed")["n_with_plan"]
    assert 0 < found["plan_begun_inside"]["n_reached"] <= found["plan_begun_inside"]["n_persons"] == with_plan


@pytest.mark.parametrize("arm", ARMS["haandholdt_inklusion"])
def test_agreement_of_plans_contacts_and_open_cases(demos: Demos, arm: str) -> None:
    truth, evaluation = demos["haandholdt_inklusion"].truth, demos["haandholdt_inklusion"].evaluation
    both = truth["process"][arm]["plans_share_area"]
    agreement = only(evaluation, "plan_agreement", arm=arm, domain="any")
    assert (agreement["n_persons"], agreement["n_both"]) == (both["n_persons"], both["n_reached"])
    rates = truth["rates"][arm]
    for period, name in (("custody", "contacts_in_custody"), ("after_release", "contacts_after_release")):
        found, planted = only(evaluation, "contact_rate", arm=arm, period=period), rates[name]
        assert (found["n_persons"], found["n_without"]) == (planted["n_persons"], planted["n_without"])
        assert found["estimate"] == pytest.approx(7 * planted["n_events"] / planted["n_days"])
    found, planted = only(evaluation, "case_open_days", arm=arm), rates["case_open_days"]
    assert (found["n_persons"], found["n_open"]) == (planted["n_persons"], planted["n_persons"] - planted["n_without"])
    assert found["estimate"] == pytest.approx(planted["n_events"] / planted["n_days"])


def test_the_roadmap_concerns_everyone_and_is_kept_as_planted(demos: Demos) -> None:
    truth = demos["god_loesladelse"].truth
    assert set(truth["arms"]) == set(truth["process"]) == {"pilot"}
    assert "effect" not in truth
    rows = demos["god_loesladelse"].evaluation["process"].tidy()
    assert {
        "three_party_meeting",
        "municipality_told",
        "municipality_told_of_transfer",
        "plan_in_remand",
        "job_centre_before_parole",
        "housing_settled",
        "benefit_settled",
    } <= set(rows["measure"])
    assert "tilbud" not in truth["extracts"]


def test_juvus_young_people_sign_plans_and_find_work_or_education_more_often(demos: Demos) -> None:
    truth = demos["juvu"].truth
    shares = {
        arm: sum(one["status"]["6"][state] for state in ("employed", "in_education")) / one["n_persons"]
        for arm, one in truth["arms"].items()
    }
    assert shares["pilot"] - shares["comparison"] > 0.05
    for measure in ("talks", "signed_plan"):
        done = {arm: one[measure]["n_reached"] / one[measure]["n_persons"] for arm, one in truth["process"].items()}
        assert done["pilot"] > 0.7
        assert done["comparison"] < 0.4


@pytest.mark.parametrize("command", ["demo", "synth"])
def test_a_wrong_programme_is_answered_with_those_there_are(command: str, tmp_path: Path, evalkit: Evalkit) -> None:
    result = evalkit(command, "--programme", "jobupdat", "--output", tmp_path / "out")
    assert result.exit_code == 10
    assert result.stderr == f"Error: There is no programme jobupdat. One of {', '.join(PROGRAMMES)}.\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("change", [('programme = "jobupdate"', 'programme = "juvu"'), ("= true", "= false")])
def test_a_folder_of_another_study_is_left_alone(tmp_path: Path, evalkit: Evalkit, change: tuple[str, str]) -> None:
    """Neither another programme's demo nor a study on real people, whose file and extracts would be written over."""
    folder = tmp_path / "out"
    assert evalkit("synth", "--programme", "jobupdate", "--output", folder).exit_code == 0
    study = folder / "study.toml"
    assert change[0] in study.read_text(encoding="utf-8")
    study.write_text(study.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = evalkit("synth", "--programme", "jobupdate", "--seed", "2", "--output", folder)
    assert result.exit_code == 10
    assert result.stderr == f"Error: {folder}: this folder holds something else. Name another with --output.\n"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_each_programme_has_a_folder_of_its_own(
    tmp_path: Path, evalkit: Evalkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = evalkit("demo", "--programme", "jobupdate")
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == ["evalkit-demo-jobupdate"]


def test_jobupdates_demo_has_its_document_s_numbers(tmp_path: Path, evalkit: Evalkit) -> None:
    folder = tmp_path / "out"
    result = evalkit("demo", "--programme", "jobupdate", "--persons", 900, "--lang", "en", "--output", folder)
    assert result.exit_code == 0, result.output
    assert "Finished positively: 174 of 248 who finished, which is 70.2% (64.2 – 75.5%)." in result.stdout
    ends = pl.read_parquet(folder / "bundle" / "tables" / "programme_end.parquet").filter(denominator="referred")
    assert dict(ends.select("end_state", "n_persons").rows())["open"] == 39
    study = (folder / "study.toml").read_text(encoding="utf-8")
    assert "synthetic = true" in study
    assert 'language = "en"' in study
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["referrals"]["n_ended"] == {"positivt": 174, "uden_resultat": 52, "andet": 22}
    assert "arms" not in truth


def test_the_verb_makes_the_first_programmes_study_unless_told_otherwise(tmp_path: Path) -> None:
    study_file = api.synth(tmp_path / "out", persons=500)
    assert 'name = "haandholdt_inklusion"' in study_file.read_text(encoding="utf-8")


def test_exits_cases_end_and_reach_its_targets_as_planted(demos: Demos) -> None:
    planted, evaluation = demos["exit"].truth["exit"], demos["exit"].evaluation
    rows = evaluation["programme_end"].tidy().filter(denominator="referred")
    ends = {state: n for state, n in rows.select("end_state", "n_persons").rows() if n}
    not_enrolled = planted["n_referred"] - planted["n_enrolled"]
    told = {**planted["ends"], "not_enrolled": not_enrolled}
    assert ends == {state: n for state, n in told.items() if n}
    offers, plans = planted["offers"], planted["plans"]
    reached = {
        "contact_work_education_3_months": offers["employed"] + offers["in_education"],
        "follows_plan": plans["continuing"],
    }
    for target, n in reached.items():
        assert only(evaluation, "targets", target=target)["n_reached"] == n > 5
    convicted = only(evaluation, "risk", arm="pilot")
    told = planted["not_convicted"]
    assert (convicted["n_persons"], convicted["n_events"]) == (told["n_mature"], told["n_convicted"])


def test_exits_compass_moves_as_planted(demos: Demos) -> None:
    """Those who are followed to the end, from their first score to their last; the truth is rounded to six decimals."""
    planted, evaluation = demos["exit"].truth["exit"]["compass_mature"], demos["exit"].evaluation
    to_the_last = evaluation["assessments_forandringskompas"].tidy().filter(month=0).to_dicts()
    rows = {row["dimension"]: row for row in to_the_last}
    assert rows.keys() == set(COMPASS.values())
    assert planted.keys() == COMPASS.keys()
    for name, told in planted.items():
        row = rows[COMPASS[name]]
        assert row["n_pairs"] == told["n_pairs"] > 10
        assert row["estimate"] == pytest.approx(told["mean_change"], abs=5e-7)


def test_exits_life_psychology_moves_as_the_forms_say(demos: Demos) -> None:
    """The truth tells of all who were enrolled; here the forms are read again, of those whose course ended in time."""
    folder = demos.folder / "exit" / "extracts"
    cases = pl.read_csv(folder / "exit_sag.csv", try_parse_dates=True).filter(pl.col("INDSKREVET_DATO").is_not_null())
    first = cases.sort("INDSKREVET_DATO").unique("PNR", keep="first")
    ended = first.filter(pl.col("UDSKREVET_DATO").is_between(date(2016, 1, 1), date(2021, 6, 30)))
    assert ended.height == demos["exit"].truth["exit"]["not_convicted"]["n_mature"]
    forms = pl.read_csv(folder / "tilvaerelsespsykologi.csv", try_parse_dates=True).drop_nulls("SCORE")
    own = forms.join(ended.select("PNR"), on="PNR", how="semi").sort("MAALT_DATO")
    day, score = pl.col("MAALT_DATO"), pl.col("SCORE")
    pairs = (
        own.group_by("PNR", theme=pl.format("theme_{}", "TEMA_NR").fill_null("test"))
        .agg(is_pair=day.last() > day.first(), change=score.last() - score.first())
        .filter("is_pair")
    )
    counted = {name: (n, mean) for name, n, mean in pairs.group_by("theme").agg(pl.len(), pl.mean("change")).rows()}
    rows = demos["exit"].evaluation["assessments_tilvaerelsespsykologi"].tidy().filter(month=0)
    found = {name: (n, mean) for name, n, mean in rows.select("dimension", "n_pairs", "estimate").rows()}
    assert found.keys() == counted.keys() == demos["exit"].truth["exit"]["psychology"].keys()
    for name, (n, mean) in counted.items():
        assert found[name] == (n, pytest.approx(mean))
        assert n > 10


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        ("intro_10_days", "cadence"),
        ("follow_up_1_months", "follow_up"),
        ("follow_up_3_months", "later_follow_up"),
    ],
)
def test_exits_contacts_are_as_often_as_planted(demos: Demos, rule: str, planted: str) -> None:
    found, told = only(demos["exit"].evaluation, "programme_cadence", rule=rule), demos["exit"].truth["exit"][planted]
    assert (found["n_persons"], found["n_kept"]) == (told["n_persons"], told["n_reached"])
    assert 10 < found["n_kept"] < found["n_persons"]


def test_exits_appointments_are_kept_as_the_contacts_say(demos: Demos) -> None:
    """Counted again from the extracts: from the first enrolment to the day before discharge, or the vintage."""
    folder = demos.folder / "exit" / "extracts"
    cases = pl.read_csv(folder / "exit_sag.csv", try_parse_dates=True).filter(pl.col("INDSKREVET_DATO").is_not_null())
    first = cases.sort("INDSKREVET_DATO").unique("PNR", keep="first")
    contacts = pl.read_csv(folder / "kontakt.csv", try_parse_dates=True).drop_nulls("FREMMOEDT")
    day, until = pl.col("KONTAKT_DATO"), pl.col("UDSKREVET_DATO").fill_null(date(2023, 7, 1))
    within = contacts.join(first, on="PNR").filter(day >= pl.col("INDSKREVET_DATO"), day < until)
    each = within.filter(pl.col("KONTAKT_ART") != "underretning").group_by("PNR").agg(pl.len(), pl.sum("FREMMOEDT"))
    found = only(demos["exit"].evaluation, "programme_attendance", measure="appointments_kept")
    assert found["n_persons"] == each.height > 50
    assert found["n_all_kept"] == each.filter(pl.col("FREMMOEDT") == pl.col("len")).height > 5
    n_kept, n_appointments = each.select(pl.sum("FREMMOEDT"), pl.sum("len")).row(0)
    assert found["estimate"] == pytest.approx(n_kept / n_appointments)


def test_exits_places_are_the_planted_days_by_where_people_were(demos: Demos) -> None:
    """A place is a year of 365.25 days; page 16 lets a day in remand count a tenth, and one of a sentence half.

    Free days may stand under what the person did on them, at the weight of that.
    """
    days = demos["exit"].truth["exit"]["days"]
    weights = {one.state: one.weight for one in load_programme("exit").dose_weights}
    found = {
        row["state"]: 365.25 * row["places_most"] / (weights[row["state"]] or 1)
        for row in demos["exit"].evaluation["dose"].tidy().to_dicts()
    }
    inside = {state: found.pop(state) for state in ("remand", "serving")}
    assert inside == {state: pytest.approx(days[state]) for state in inside}
    assert sum(found.values()) == pytest.approx(days["free"])
    assert min(days.values()) > 50


def test_norwegian_releases_are_as_planted(demos: Demos) -> None:
    planted, evaluation = demos["kvp_samordning"].truth["norway"], demos["kvp_samordning"].evaluation
    rows = evaluation["process"].tidy()
    found = {measure: (n, reached) for measure, n, reached in rows.select("measure", "n_persons", "n_reached").rows()}
    assert found == {measure: (one["n_persons"], one["n_reached"]) for measure, one in planted["measures"].items()}
    exits = dict(evaluation["kvp_exit"].tidy().select("exit_state", "n_persons").rows())
    assert exits == {state: n for state, n in planted["kvp_exits"].items() if state != "open"}
    assert min(exits.values()) > 10


@pytest.mark.parametrize("programme", [*ARMS, "exit", "kvp_samordning"])
def test_the_report_says_that_nobody_in_it_is_real(demos: Demos, programme: str) -> None:
    page = demos[programme].report
    assert "synthetic" in page.lower()
    assert 'lang="en"' in page
