"""The parameters of the models are those of the shipped study, and the tests here use its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalkit import study_models
from evalkit.shipped import shipped
from evalkit.study import load_study
from evalkit.warehouse import Model
from tests.sql.outcome_parameters import PRIMARY_RULE


def by_code(rule: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["code"]: one for one in rule["decisions"]}


def test_the_tests_use_the_values_of_the_shipped_study(parameters: Mapping[str, object]) -> None:
    study = load_study(shipped("reports") / "haandholdt_inklusion" / "study.toml")
    found = study_models.parameters(study)
    # The study also asks for variants of its outcome and for every preset; the tests ask for its own.
    assert {**found, "outcomes": parameters["outcomes"]} == parameters
    rules = found["outcomes"]
    assert isinstance(rules, list)
    own = {**rules[0], "decisions": by_code(rules[0])}
    assert own == {**PRIMARY_RULE, "decisions": by_code(PRIMARY_RULE)}


def test_every_parameter_is_some_models(models: Mapping[str, Model], parameters: Mapping[str, object]) -> None:
    assert {name for model in models.values() for name in model.parameters} == set(parameters)
