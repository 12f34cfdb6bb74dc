"""Outcome definitions: strict, sourced, complete over the registers' codes, and their days by hand."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.outcomes import (
    PRESETS,
    PRIMARY,
    VARIANTS,
    asked_outcomes,
    decision_classes,
    load_outcome,
    outcome_calls,
    outcome_of,
    outcome_rules,
)
from evalkit.registers import load_contract

STUDY = Path("study.toml")


def test_every_code_of_the_decision_register_is_in_one_class() -> None:
    codes = [code for one in decision_classes() for code in one.codes]
    assert sorted(codes) == sorted(set(codes))
    known = load_contract("kraf").codes["decision"]
    assert known.unknown(set(codes)) == set()
    in_ranges = {str(code) for first, last in known.ranges for code in range(first, last + 1)}
    assert set(codes) == {*known.single, *in_ranges}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_named_sourced_and_unlike_the_others(name: str) -> None:
    outcome = load_outcome(name)
    assert outcome.name == name
    assert outcome.source
    assert outcome.fingerprint not in {load_outcome(other).fingerprint for other in PRESETS if other != name}


def test_a_preset_folder_holds_nothing_else() -> None:
    folder = Path(str(files("evalkit.outcomes"))) / "presets"
    assert {path.stem for path in folder.glob("*.toml")} == set(PRESETS)


@pytest.mark.parametrize(
    ("preset", "index", "last_day", "too_late", "observed_before"),
    [
        # Same day two years on; decisions to 31 December of the third year; a year's wait at least.
        ("dst_two_year", date(2016, 2, 29), date(2018, 2, 28), date(2020, 1, 1), date(2022, 7, 1)),
        # A year, and six months more.
        ("moj_proven", date(2016, 8, 31), date(2017, 8, 31), date(2018, 3, 1), date(2023, 1, 1)),
        # Three years, and three more.
        ("bra", date(2016, 6, 1), date(2019, 6, 1), date(2022, 6, 2), date(2020, 7, 1)),
        ("new_custody", date(2016, 6, 1), date(2018, 6, 1), date(2018, 6, 2), date(2023, 7, 1)),
    ],
)
def test_days_by_hand(preset: str, index: date, last_day: date, too_late: date, observed_before: date) -> None:
    outcome = load_outcome(preset)
    assert outcome.follow_up_end(index) == last_day
    assert outcome.decided_before(index) == too_late
    assert outcome.observed_before(date(2023, 7, 1)) == observed_before


def test_a_number_of_days_can_be_waited_for() -> None:
    outcome = load_outcome("dst_two_year", {"decision_deadline": {"days_after_follow_up": 90}})
    # 1 June 2018 and ninety days is 30 August.
    assert outcome.decided_before(date(2016, 6, 1)) == date(2018, 8, 31)
    assert outcome.observed_before(date(2023, 7, 1)) == date(2023, 4, 2)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"appeals": "first"}, "appeals: this key is not known"),
        ({"event": "charge", "event_date": "decision_date"}, "charge is dated by charge_date or offence_date"),
        ({"event": "custody"}, "custody is dated by admission_date"),
        ({"tie_order": ["event", "death"]}, "tie_order names event, death and censoring once each"),
        ({"decisions": ["not_guilty"]}, "no finding of guilt"),
        ({"decision_deadline": {}}, "give one of calendar_years"),
        ({"decision_deadline": {"calendar_years": 3, "days_after_follow_up": 1}}, "give one of calendar_years"),
        ({"offences": {"include": ["12x"]}}, "one to nine digits"),
        ({"follow_up_months": 0}, "follow_up_months"),
    ],
)
def test_what_cannot_go_together_is_said(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_outcome("dst_two_year", changes)
    assert said in str(caught.value)


def test_a_study_names_a_preset_or_changes_one_or_writes_its_own() -> None:
    plain = outcome_of("kriminalforsorgen", source=STUDY)
    assert plain == load_outcome("kriminalforsorgen")
    changed = outcome_of({"preset": "kriminalforsorgen", "waivers_count": False}, source=STUDY)
    assert changed.preset == "kriminalforsorgen"
    assert changed.fingerprint != plain.fingerprint
    own = plain.model_dump() | {"name": "own", "preset": None}
    assert outcome_of({key: value for key, value in own.items() if value is not None}, source=STUDY).name == "own"
    with pytest.raises(ConfigError, match="no preset named own"):
        outcome_of("own", source=STUDY)


def test_presets_that_are_not_mature_for_the_whole_cohort_are_not_counted() -> None:
    own = load_outcome("dst_two_year", {"residence": "until_emigration"})
    early = asked_outcomes(own, date(2019, 12, 31), date(2023, 7, 1))
    assert list(early)[: 1 + len(VARIANTS)] == [PRIMARY, *VARIANTS]
    assert set(PRESETS) - set(early) == {"bra", "ssb_recharge"}
    # Three years of follow-up and three to wait after 31 December 2019 end with 31 December 2025.
    assert "bra" not in asked_outcomes(own, date(2019, 12, 31), date(2025, 12, 31))
    assert "bra" in asked_outcomes(own, date(2019, 12, 31), date(2026, 1, 1))


def test_presets_follow_the_study_in_whom_they_follow() -> None:
    own = load_outcome("dst_two_year", {"residence": "ignored", "death": "censors"})
    asked = asked_outcomes(own, date(2019, 12, 31), date(2023, 7, 1))
    for name in set(asked) & set(PRESETS):
        assert (asked[name].residence, asked[name].death) == ("ignored", "censors")


def test_only_a_guilty_decision_can_be_dated_by_the_decision_instead() -> None:
    assert "decision_dated" not in asked_outcomes(load_outcome("charge"), date(2019, 12, 31), date(2023, 7, 1))


def test_outcomes_that_count_the_same_events_share_them() -> None:
    own = load_outcome("dst_two_year", {"residence": "until_emigration"})
    rules = outcome_rules(asked_outcomes(own, date(2019, 12, 31), date(2023, 7, 1)), date(2023, 7, 1))
    shared = {rule["outcome"]: rule["counts_like"] for rule in rules}
    assert shared["dst_two_year"] == shared["time_at_risk"] == shared["resident_throughout"] == PRIMARY
    assert shared["retur"] == "kriminalforsorgen"
    assert shared["decision_dated"] == "decision_dated"


def test_calls_that_change_nothing_are_not_listed() -> None:
    custody = {call.field for call in outcome_calls(load_outcome("new_custody"))}
    assert not custody & {"appeal", "missing_offence_date", "waivers_count", "cleared_charges_count"}
    dst = {call.field for call in outcome_calls(load_outcome("dst_two_year"))}
    assert "cleared_charges_count" not in dst
    assert {"appeal", "missing_offence_date", "waivers_count", "index_day_counts", "tie_order", "clock"} <= dst
