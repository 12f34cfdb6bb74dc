"""Definitions: strict, fingerprinted, and readable when they are wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evalkit.cohorts import CohortDefinition
from evalkit.config import date_in_words
from evalkit.errors import ConfigError, DefinitionError
from evalkit.outcomes import decision_classes, load_outcome
from evalkit.shipped import shipped
from evalkit.study import load_study

SHIPPED = shipped("reports") / "haandholdt_inklusion" / "study.toml"


def changed(folder: Path, old: str, new: str) -> Path:
    """Write the shipped study file with one change."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = folder / "study.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["haandholdt_inklusion", "rossi", "recid"])
def test_shipped_studies_load(name: str) -> None:
    study = load_study(shipped("reports") / name / "study.toml")
    assert study.definition.name == name
    assert study.definition.fingerprint == load_study(shipped("reports") / name / "study.toml").definition.fingerprint


def test_misspelt_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_study(changed(tmp_path, "min_stay_days", "min_stay_day"))
    assert "cohort.min_stay_day" in str(caught.value)
    assert "misspelt" in str(caught.value)
    assert caught.value.exit_code == 10


def test_every_finding_is_told_at_once(tmp_path: Path) -> None:
    path = changed(tmp_path, "min_age_years = 18", 'min_age_years = "grown up"')
    path.write_text(path.read_text(encoding="utf-8").replace("[status]\nmonths", "[status]\nmonth"), encoding="utf-8")
    with pytest.raises(ConfigError, match="2 findings") as caught:
        load_study(path)
    assert "grown up" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[study]", "[studie]", "studie: this key is not known; is it misspelt?"),
        ("[study]", "[study", "not valid TOML"),
        ("index_end = 2020-01-01", "index_end = 2015-01-01", "index_start must lie before index_end"),
        ('report = "haandholdt_inklusion"', 'report = "nothing"', "no report named nothing"),
        ('layout = "krsi"', 'layout = "krin"', "more than one extract of one vintage for krin"),
    ],
)
def test_wrong_study_files(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_study(changed(tmp_path, old, new))
    assert said in str(caught.value)


def test_missing_study_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_study(tmp_path / "study.toml")


def test_a_cohort_whose_decisions_are_not_in_is_refused(tmp_path: Path) -> None:
    """Releases of 2019 need decisions of 2022, so data complete before 31 December 2022 are one day short."""
    with pytest.raises(DefinitionError, match="2023-01-01"):
        load_study(changed(tmp_path, "vintage = 2023-07-01", "vintage = 2022-12-31"))
    assert load_study(changed(tmp_path, "vintage = 2023-07-01", "vintage = 2023-01-01"))


def test_fingerprint_follows_the_meaning() -> None:
    cohort = CohortDefinition(
        index_start=date(2016, 1, 1), index_end=date(2020, 1, 1), pilot_municipalities=("316", "615")
    )
    assert cohort.fingerprint == cohort.model_copy().fingerprint
    assert cohort.fingerprint != cohort.model_copy(update={"min_stay_days": 15}).fingerprint


def test_the_longest_two_years_have_a_leap_day() -> None:
    outcome = load_outcome("dst_two_year")
    assert outcome.horizon_days == 2 * 365 + 1
    # July to December: 31 + 31 + 30 + 31 + 30 + 31
    assert outcome.model_copy(update={"follow_up_months": 6}).horizon_days == 184


def test_preset_counts_withdrawn_charges_as_not_guilty() -> None:
    counted = load_outcome("dst_two_year").counted_decisions
    codes = {code for one in decision_classes() if one.name not in counted for code in one.codes}
    assert {"11", "69", "72", "34"} <= codes
    assert not {"1", "4", "21", "24"} & codes


def test_dates_are_written_as_readers_write_them() -> None:
    assert date_in_words(date(2023, 7, 1), "da") == "1. juli 2023"
    assert date_in_words(date(2023, 7, 1), "en") == "1 July 2023"
