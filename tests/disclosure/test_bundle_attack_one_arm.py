"""The same attack on studies of one arm, with the tables that only they have: groups, weeks, phases, assessments."""

from __future__ import annotations

import polars as pl
import pytest

from evalkit.api import synth
from evalkit.disclosure import load_policy, release_all
from evalkit.evaluation import Evaluation, evaluate
from evalkit.study import load_study
from tests.disclosure.attack_sums import attack, followed_from_few, true_counts

STUDIES = [("god_loesladelse", 2000), ("god_loesladelse", 6000), ("exit", 2000), ("exit", 6000)]
ONLY_HERE = {
    "god_loesladelse": {"by_collaboration_model", "process", "state_weeks", "transitions", "continuity_evidence"},
    "exit": {"programme_phase", "programme_cadence", "programme_attendance", "criteria", "targets", "dose"},
}


@pytest.fixture(scope="module", params=STUDIES, ids=lambda study: f"{study[0]}-{study[1]}")
def evaluation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    programme, persons = request.param
    folder = tmp_path_factory.mktemp("study")
    return evaluate(load_study(synth(folder / "in", programme=programme, persons=persons, seed=1)))


@pytest.fixture(scope="module")
def tables(evaluation: Evaluation) -> dict[str, pl.DataFrame]:
    released = release_all(tuple(evaluation.values()), load_policy("standard"))
    return {one.name: one.tidy() for one in released}


def test_no_count_of_a_few_follows_from_all_tables_together(
    evaluation: Evaluation, tables: dict[str, pl.DataFrame]
) -> None:
    assert ONLY_HERE[evaluation.study.definition.name] <= set(tables)
    assert followed_from_few(evaluation, tables) == {}


def test_what_the_attacker_knows_is_true(evaluation: Evaluation, tables: dict[str, pl.DataFrame]) -> None:
    attacker = attack(tables)
    truth = true_counts(evaluation, attacker)
    told = [one for one in attacker.sums if all(name in truth for name in one)]
    assert len(told) > len(attacker.sums) / 2
    assert [one for one in told if sum(sign * truth[name] for name, sign in one.items())] == []
    assert [name for name, value in truth.items() if value < 0] == []
