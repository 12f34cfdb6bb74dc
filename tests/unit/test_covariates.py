"""Covariates: defined once, named in both languages as the report names them, and refused after time zero."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from evalkit.cohorts import CohortDefinition
from evalkit.cohorts.covariates import DEFAULT_COVARIATES, covariates
from evalkit.registers import layouts
from evalkit.reporting.language import load_language

BASE: dict[str, Any] = {
    "index_start": date(2016, 1, 1),
    "index_end": date(2020, 1, 1),
    "pilot_municipalities": ("316",),
}
LATE = ["release_type", "stay_length", "stay_kind"]


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_report_says_what_the_definitions_say(language: str) -> None:
    texts = load_language(language).texts
    for name, one in covariates().items():
        assert texts[f"variable.{name}"] == one.label.in_language(language)
        for level, label in one.levels.items():
            assert texts[f"level.{name}.{level}"] == label.in_language(language)


def test_each_covariate_names_registers_that_there_are() -> None:
    assert {register for one in covariates().values() for register in one.registers} <= set(layouts())


@pytest.mark.parametrize("name", LATE)
@pytest.mark.parametrize("event", ["admission", "programme_start", "offer", "programme_end"])
def test_what_is_known_only_at_release_is_refused_when_the_clock_starts_before(event: str, name: str) -> None:
    changed: dict[str, Any] = {"index_event": event, "covariates": ("sex", name), "exposure": "resident"}
    if event != "admission":
        changed["comparison_index_day"] = 30
    with pytest.raises(ValidationError, match=f"{name} is known only after time zero"):
        CohortDefinition.model_validate({**BASE, **changed})


def test_of_the_defaults_only_what_is_known_is_told() -> None:
    admitted = CohortDefinition.model_validate({**BASE, "index_event": "admission", "exposure": "resident"})
    assert [one.name for one in admitted.baseline] == [name for name in DEFAULT_COVARIATES if name not in LATE]
    released = CohortDefinition.model_validate(BASE)
    assert tuple(one.name for one in released.baseline) == DEFAULT_COVARIATES


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"covariates": ("sex", "height")}, "there is no height"),
        ({"covariates": ("sex", "sex")}, "more than once"),
        ({"education_codes": {"doctor": ("80",)}}, "doctor is no level"),
    ],
)
def test_what_is_not_there_is_named(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        CohortDefinition.model_validate({**BASE, **changed})
