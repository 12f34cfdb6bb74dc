"""JobUpdate's published table, to the digit, from 287 cases in its own layout."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from evalkit.disclosure import load_policy, release_all
from evalkit.indicators.criteria import criteria
from evalkit.indicators.programme_end import programme_end, rounded_sum
from evalkit.registers import ExtractSpec, ingest
from evalkit.results import Provenance, Result
from evalkit.shipped import shipped
from evalkit.warehouse import build, load_models, open_warehouse
from tests.unit.jobupdate_cases import write_cases

STATUS_DAY = date(2013, 2, 28)
PROVENANCE = Provenance("test@0", STATUS_DAY, {}, "0")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The cases through the layout, the models and the indicators; one more is referred after the status day."""
    folder = tmp_path_factory.mktemp("jobupdate")
    write_cases(folder / "jobupdate.csv", also_after=date(2013, 3, 1))
    spec = ExtractSpec(layout="jobupdate_henvisning", path="jobupdate.csv")
    wanted = {"analysis.programme_case", "analysis.programme_end", "analysis.programme_criterion"}
    with open_warehouse(threads=1) as warehouse:
        delivery = ingest(warehouse, [spec], root=folder)[0]
        assert (delivery.n_delivered, delivery.n_quarantined) == (288, 0)
        from evalkit.study_models import delivered_models  # noqa: PLC0415 - the whole of evalkit, only here

        models = tuple(model for model in load_models(shipped("sql")) if model.name in wanted)
        sources = dict.fromkeys(delivery.tables, "1")
        build(warehouse, delivered_models(models, sources), parameters={"vintage": date(2013, 3, 1)}, sources=sources)
        ends = warehouse.fetch("SELECT * FROM analysis.programme_end")
        answers = warehouse.fetch("SELECT * FROM analysis.programme_criterion")
    made = (programme_end(ends, PROVENANCE, enrols=False), criteria(answers, PROVENANCE))
    return {result.name: result for result in made}


def rows(result: Result, **where: object) -> list[dict[str, object]]:
    return result.tidy().filter(*(pl.col(name) == value for name, value in where.items())).to_dicts()


def test_the_published_table_to_the_digit(results: dict[str, Result]) -> None:
    """Slide "Konkrete resultater": 174, 52 and 22 of 248; 70,2, 21,0 and 8,9 per cent."""
    found = rows(results["programme_end"], denominator="finished")
    printed = [(row["end_state"], row["n_persons"], f"{100 * float(str(row['share'])):.1f}") for row in found]
    assert printed == [("positive", 174, "70.2"), ("no_visible_result", 52, "21.0"), ("other", 22, "8.9")]
    assert {row["n_total"] for row in found} == {248}
    # Printed as 100,0 in the document; the three rounded numbers add up to another.
    assert rounded_sum(results["programme_end"], "finished") == 100.1


def test_of_those_referred_the_share_is_another(results: dict[str, Result]) -> None:
    """174 of 287 are 60.6 per cent; the 39 who had not finished are a row of their own."""
    found = {str(row["end_state"]): row for row in rows(results["programme_end"], denominator="referred")}
    assert {row["n_total"] for row in found.values()} == {287}
    assert {name: row["n_persons"] for name, row in found.items()} == {
        "positive": 174,
        "no_visible_result": 52,
        "open": 39,
        "other": 22,
    }
    assert f"{100 * float(str(found['positive']['share'])):.1f}" == "60.6"


def test_wilson_intervals(results: dict[str, Result]) -> None:
    """R: prop.test(174, 248, correct = FALSE) and of 287."""
    (finished,) = rows(results["programme_end"], denominator="finished", end_state="positive")
    (referred,) = rows(results["programme_end"], denominator="referred", end_state="positive")
    assert (finished["conf_low"], finished["conf_high"]) == pytest.approx((0.641944250305165, 0.755130959107428))
    assert (referred["conf_low"], referred["conf_high"]) == pytest.approx((0.54870031442577, 0.661035946172506))


def test_deaths_stand_apart(results: dict[str, Result]) -> None:
    found = {row["end_state"]: row["n_died"] for row in rows(results["programme_end"], denominator="finished")}
    assert found == {"positive": 0, "no_visible_result": 0, "other": 6}


def test_the_target_group(results: dict[str, Result]) -> None:
    """Slide "Målgruppe": 85 per cent from transfer income, 70 per cent in prison before, match groups 2 and 3."""
    found = {row["criterion"]: row for row in results["criteria"].tidy().to_dicts()}
    assert {row["n_persons"] for row in found.values()} == {287}
    assert [round(100 * found[name]["share"]) for name in ("transfer_income", "in_prison_before")] == [85, 70]
    assert (found["match_group_2_or_3"]["n_yes"], found["match_group_2_or_3"]["n_no"]) == (270, 17)
    assert {row["n_not_answered"] for row in found.values()} == {0}


def test_the_door_lets_the_table_out(results: dict[str, Result]) -> None:
    ends, group = (one.tidy() for one in release_all(tuple(results.values()), load_policy("standard")))
    assert ends.get_column("n_persons").null_count() == 0
    assert ends.filter(end_state="other").get_column("n_died").to_list() == [6, 6]
    assert group.get_column("n_yes").to_list() == [201, 270, 244]


def test_of_four_deaths_nobody_is_told() -> None:
    counts = pl.DataFrame(
        {"end_state": ["positive", "other", "other"], "died": [False, False, True], "n_persons": [30, 16, 4]}
    )
    released = release_all((programme_end(counts, PROVENANCE, enrols=False),), load_policy("standard"))[0].tidy()
    assert released.filter(end_state="other").get_column("n_died").to_list() == [None, None]


def test_enrolments_are_a_denominator_where_the_list_has_them() -> None:
    """Of 20 referred 12 were enrolled, of whom 10 have ended: 6 completed are 60, 50 and 30 per cent."""
    counts = pl.DataFrame(
        {
            "end_state": ["completed", "interrupted_by_person", "open", "not_enrolled"],
            "died": [False] * 4,
            "n_persons": [6, 4, 2, 8],
        }
    )
    result = programme_end(counts, PROVENANCE, enrols=True)
    shares = {row["denominator"]: row["share"] for row in rows(result, end_state="completed")}
    assert shares == pytest.approx({"finished": 0.6, "enrolled": 0.5, "referred": 0.3})
    assert set(result.roles) == set(result.tidy().columns)
