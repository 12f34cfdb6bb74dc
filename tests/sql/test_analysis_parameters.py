"""The parameters of the models are those of the shipped study, and the tests here use its values."""

from __future__ import annotations

from collections.abc import Mapping

from evalkit import evaluation
from evalkit.shipped import shipped
from evalkit.study import load_study
from evalkit.warehouse import Model


def test_the_tests_use_the_values_of_the_shipped_study(parameters: Mapping[str, object]) -> None:
    study = load_study(shipped("reports") / "haandholdt_inklusion" / "study.toml")
    assert evaluation.parameters(study) == parameters


def test_every_parameter_is_some_models(models: Mapping[str, Model], parameters: Mapping[str, object]) -> None:
    assert {name for model in models.values() for name in model.parameters} == set(parameters)
