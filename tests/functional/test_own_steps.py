"""A study that puts its own eligibility steps together and asks for the covariates runs through to the door."""

from __future__ import annotations

from pathlib import Path

from evalkit.cohorts.covariates import covariates
from evalkit.disclosure import load_policy, release_all
from evalkit.evaluation import evaluate
from evalkit.study import load_study

# A municipality has too few people to be told of; it is there for the adjustment.
ASKED = [name for name in covariates() if name != "municipality"]
STEPS = """
history_from = 2014-01-01
covariates = [{names}]

[[cohort.require]]
step = "age"
min_years = 18
max_years = 40

[[cohort.require]]
step = "municipality_known"

[[cohort.require]]
step = "not_neighbour"
municipalities = ["326"]

[[cohort.require]]
step = "lookback"
months = 12
"""


def test_a_study_with_steps_and_covariates_of_its_own_gets_through_the_door(study_folder: Path) -> None:
    lines = (study_folder / "study.toml").read_text(encoding="utf-8").splitlines()
    short = ("release_types", "min_stay_days", "min_age_years")
    kept = [one for one in lines if not one.startswith(short)]
    place = kept.index("[outcome]")
    kept.insert(place, STEPS.replace("{names}", ", ".join(f'"{name}"' for name in ASKED)))
    (study_folder / "study.toml").write_text("\n".join(kept), encoding="utf-8")
    evaluation = evaluate(load_study(study_folder / "study.toml"))
    attrition = evaluation["attrition"].tidy()
    assert attrition.sort("step")["reason"].unique(maintain_order=True).to_list() == [
        "released_in_window",
        "age",
        "municipality_known",
        "not_neighbour",
        "lookback",
        "offer",
    ]
    assert set(evaluation["baseline"].tidy()["variable"]) == set(ASKED)
    released = release_all(list(evaluation.values()), load_policy("standard"))
    assert {one.name for one in released} == set(evaluation)
