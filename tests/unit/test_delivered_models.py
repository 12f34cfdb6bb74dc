"""A model that puts registers under each other goes without those that a study does not have."""

from __future__ import annotations

from evalkit.shipped import shipped
from evalkit.study_models import delivered_models
from evalkit.warehouse import Model, load_models


def reads(name: str, *tables: str) -> Model:
    models = {model.name: model for model in load_models(shipped("sql"))}
    (found,) = delivered_models((models[name],), {f"staging.{table}" for table in tables})
    return found


def test_only_what_is_delivered_is_read() -> None:
    found = reads("core.absence", "vnds_ud", "vnds_ind", "krin")
    assert found.reads == ("staging.vnds_ind", "staging.vnds_ud")
    assert "staging.vnds_hist" not in found.sql


def test_one_of_four_is_enough() -> None:
    assert reads("core.absence", "vnds").reads == ("staging.vnds",)
    assert reads("core.absence", "vnds_hist").reads == ("staging.vnds_hist",)


def test_custody_comes_from_denmark_or_from_norway() -> None:
    assert reads("core.custody_spell", "krin").reads == ("staging.krin",)
    assert reads("core.custody_spell", "kriminalomsorgen").reads == ("staging.kriminalomsorgen",)


def test_a_branch_takes_its_parameters_with_it() -> None:
    assert "arrest_is_stay" in reads("core.custody_spell", "krin").parameters
    norwegian = reads("core.custody_spell", "kriminalomsorgen")
    assert "arrest_is_stay" not in norwegian.parameters
    assert "home_facilities" in norwegian.parameters


def test_what_cannot_be_left_out_is_asked_for() -> None:
    assert reads("core.death", "krin").reads == ("staging.dod",)
    assert reads("core.absence", "krin").reads == (
        "staging.vnds",
        "staging.vnds_hist",
        "staging.vnds_ind",
        "staging.vnds_ud",
    )


def test_a_model_with_all_its_registers_is_left_alone() -> None:
    model = {one.name: one for one in load_models(shipped("sql"))}["core.death"]
    assert delivered_models((model,), {"staging.dod"}) == (model,)
