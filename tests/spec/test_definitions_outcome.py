"""Every rule of the outcome definitions does what its example shows, and every judgement call has an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from evalkit.outcomes import PRESETS, OutcomeDefinition, load_outcome
from evalkit.outcomes.sentences import applicable_calls
from tests.spec.outcome_examples import CHARGES, CONFERRED, DECISIONS, EXAMPLES, STAYS, Example

Told: TypeAlias = Callable[..., dict[int, str]]

HEADERS: Mapping[str, str] = {
    "krsi": CHARGES,
    "kraf": DECISIONS,
    "krko": CONFERRED,
    "krin": STAYS,
    "vnds": "event_date | direction",
    "dod": "death_date",
}
# These say what is done with a study, not with a row; tests/unit shows them.
NOT_ABOUT_ROWS = {"immature"}


def of_person_1(register: str, rows: tuple[str, ...]) -> str:
    return "\n".join((f"person_key | {HEADERS[register]}", *(f"1 | {row}" for row in rows)))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.preset}: {one.name}")
def test_example(first_event: Told, example: Example) -> None:
    tables = {register: of_person_1(register, rows) for register, rows in example.tables.items()}
    told = first_event(load_outcome(example.preset, dict(example.changes)), **tables)
    assert told == ({} if example.expected == "left out" else {1: example.expected})


def test_every_judgement_call_is_shown_and_shown_changed() -> None:
    for preset in PRESETS:
        for call in applicable_calls(load_outcome(preset)):
            about = [one for one in EXAMPLES if one.field == call]
            assert about or call in NOT_ABOUT_ROWS, call
            assert any(call in one.changes for one in about) or call in NOT_ABOUT_ROWS, call


def test_every_preset_has_an_example() -> None:
    assert {one.preset for one in EXAMPLES} == set(PRESETS)


def test_no_two_examples_are_told_apart_by_nothing() -> None:
    names = [(one.preset, one.field, one.name) for one in EXAMPLES]
    assert len(names) == len(set(names))


def test_an_outcome_of_ones_own_needs_no_preset(first_event: Told) -> None:
    own = OutcomeDefinition.model_validate(
        {
            "name": "own",
            "label": {"da": "x", "en": "x"},
            "title": {"da": "x", "en": "x"},
            "source": "x",
            "follow_up_months": 3,
            "decision_deadline": {"days_after_follow_up": 30},
        }
    )
    crime = of_person_1("krsi", ("a | 2016-09-01 | - | 2016-09-02 | 133200000",))
    # 1 June to 1 September is 92 days, the longest three months.
    decided = of_person_1("kraf", ("a | 2016-10-01 | 1 | 133200000 | -",))
    assert first_event(own, krsi=crime, kraf=decided) == {1: "reoffended 92"}
    late = of_person_1("kraf", ("a | 2016-10-02 | 1 | 133200000 | -",))
    assert first_event(own, krsi=crime, kraf=late) == {1: "study_end 92"}
