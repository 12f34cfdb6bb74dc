"""The named edge-case people go through the whole pipeline, and each comes out as worked out by hand."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from evalkit.errors import ConfigError
from evalkit.evaluation import Evaluation, evaluate
from evalkit.shipped import shipped
from evalkit.study import load_study
from evalkit.synthetic.characters import Character, load_characters, write_characters
from evalkit.warehouse import Warehouse, open_warehouse

PEOPLE = load_characters()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped study with the characters' extracts."""
    folder = tmp_path_factory.mktemp("characters")
    shutil.copy(shipped("reports") / "haandholdt_inklusion" / "study.toml", folder / "study.toml")
    write_characters(folder / "extracts", PEOPLE)
    return folder


@pytest.fixture(scope="module")
def evaluation(folder: Path) -> Evaluation:
    return evaluate(load_study(folder / "study.toml"), folder / "warehouse.duckdb")


@pytest.fixture(scope="module")
def warehouse(folder: Path, evaluation: Evaluation) -> Iterator[Warehouse]:
    assert evaluation.study.definition.name == "haandholdt_inklusion"
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        yield warehouse


def told(warehouse: Warehouse, query: str) -> dict[str, list[str]]:
    """Person to what a query says of them, in its order."""
    found: dict[str, list[str]] = {one.name: [] for one in PEOPLE.characters}
    rows = warehouse.fetch(
        f"SELECT person_id, said FROM ({query}) AS told JOIN vault.person USING (person_key)"  # noqa: S608 - a literal
    )
    for name, said in rows.iter_rows():
        found[name].append(said)
    return found


def test_nothing_of_them_is_set_aside(evaluation: Evaluation) -> None:
    assert {one.layout: one.n_quarantined + one.n_out_of_scope for one in evaluation.deliveries} == dict.fromkeys(
        PEOPLE.columns, 0
    )


def test_their_stays(warehouse: Warehouse) -> None:
    found = told(
        warehouse,
        """
        SELECT
            person_key,
            concat_ws(' ', start_date, coalesce(CAST(stop_date AS VARCHAR), '-'), kind, coalesce(release_type, '-'))
                AS said
        FROM core.custody_stay
        ORDER BY person_key, start_date
        """,
    )
    assert found == {one.name: list(one.stays) for one in PEOPLE.characters}


def test_who_is_in_which_arm_from_when(warehouse: Warehouse) -> None:
    found = told(warehouse, "SELECT person_key, arm || ' ' || index_date AS said FROM analysis.cohort")
    assert found == {one.name: [one.cohort] if one.cohort else [] for one in PEOPLE.characters}


def test_what_came_first(warehouse: Warehouse) -> None:
    found = told(
        warehouse,
        """
        SELECT
            person_key,
            CASE event_type WHEN 1 THEN 'reoffended' WHEN 2 THEN 'died' ELSE censoring_reason END || ' ' || exit_time
                AS said
        FROM analysis.time_to_event
        WHERE outcome = 'primary'
        """,
    )
    assert found == {one.name: [one.outcome] if one.outcome else [] for one in PEOPLE.characters}


def test_the_attrition_table_counts_those_whom_each_step_leaves_out(evaluation: Evaluation) -> None:
    frame = evaluation["attrition"].tidy()
    # Those whom a step leaves out before the arms are known stand under "all", the others under their arm.
    found = frame.group_by("reason").agg(pl.col("n_excluded").sum())
    expected = Counter(one.left_out for one in PEOPLE.characters if one.left_out)
    assert {reason: n for reason, n in found.iter_rows() if n} == expected
    last = dict(frame.filter(pl.col("reason") == "offer").select("arm", "n_persons").iter_rows())
    assert last == Counter(one.cohort.split()[0] for one in PEOPLE.characters if one.cohort)


def released(one: Character) -> bool:
    stops = [stay.split()[1:4:2] for stay in one.stays]
    return any(stop != "-" and "2016" <= stop < "2020" for stop, _ in stops)


def test_everyone_who_was_released_is_either_in_or_left_out() -> None:
    assert [one.name for one in PEOPLE.characters if released(one) != (bool(one.cohort) != bool(one.left_out))] == []
    assert [one.name for one in PEOPLE.characters if bool(one.cohort) != bool(one.outcome)] == []


@pytest.mark.parametrize(
    ("line", "name", "cohort"),
    [
        ('rearrest = "new_stay"', "released_and_rearrested_on_one_day", "comparison 2016-06-01"),
        ("merge_gap_days = 2", "out_for_two_days", "comparison 2016-07-01"),
        ("min_age_years = 17", "eighteen_tomorrow", "comparison 2016-06-01"),
        ("min_stay_days = 13", "thirteen_days", "comparison 2016-03-14"),
        ('residence_at = "index_date"', "no_home_at_admission", "comparison 2016-06-01"),
        ('release_types = ["home", "remand_end"]', "home_detention_end", "comparison 2016-06-01"),
        ('exposure = "resident"', "never_offered_in_holbaek", "pilot 2016-06-01"),
    ],
)
def test_a_judgement_call_is_one_line_in_the_study_file(
    folder: Path, evaluation: Evaluation, tmp_path: Path, line: str, name: str, cohort: str
) -> None:
    assert len(evaluation) > 0
    assert {one.name: one.cohort for one in PEOPLE.characters}[name] != cohort
    lines = (folder / "study.toml").read_text(encoding="utf-8").splitlines()
    key = line.split(" =", maxsplit=1)[0]
    kept = [one for one in lines if one.split(" =")[0] != key]
    kept.insert(kept.index("[cohort]") + 1, line)
    text = "\n".join(kept).replace("extracts/", f"{(folder / 'extracts').as_posix()}/")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    shutil.copy(folder / "warehouse.duckdb", tmp_path)  # the extracts are known already
    evaluate(load_study(tmp_path / "study.toml"), tmp_path / "warehouse.duckdb")
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        found = told(warehouse, "SELECT person_key, arm || ' ' || index_date AS said FROM analysis.cohort")
    assert found[name] == [cohort]


def test_a_row_with_a_word_too_many_is_named() -> None:
    wrong = PEOPLE.model_copy(update={"columns": {**PEOPLE.columns, "dod": "DODDATO ALDER"}})
    with pytest.raises(ConfigError, match="a row of dod has 1 words, not 2"):
        wrong.register("dod")
