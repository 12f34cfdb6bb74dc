"""Small results to put through the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from evalkit.disclosure import Policy, load_policy
from evalkit.results import Column, Provenance, Result

ROLES = {
    "share": Column.derived("n_persons"),
    "estimate": Column.derived("n_persons", "n_events"),
    "reason": Column.label(),
}


@pytest.fixture(scope="session")
def standard() -> Policy:
    return load_policy("standard")


@pytest.fixture(scope="session")
def public_data() -> Policy:
    return load_policy("public_data")


@pytest.fixture(scope="session")
def provenance() -> Provenance:
    return Provenance("two_year@8190ddc1e1e8", date(2023, 7, 1), {"core.person": "0123456789ab"}, "0.1.0")


@pytest.fixture(scope="session")
def make_result(provenance: Provenance) -> Callable[..., Result]:
    """Columns called n_… are counts, those in ROLES have that role, the others are dimensions."""

    def make(  # noqa: PLR0913 - the fields of a result
        frame: pl.DataFrame,
        *,
        roles: dict[str, Column] | None = None,
        additive_over: tuple[str, ...] = (),
        linked: tuple[tuple[str, ...], ...] = (),
        cumulative_over: str | None = None,
        repeats: tuple[tuple[str, tuple[str, ...]], ...] = (),
        name: str = "status",
    ) -> Result:
        guessed = {
            column: Column.count() if column.startswith("n_") else ROLES.get(column, Column.dimension())
            for column in frame.columns
        }
        return Result(
            name,
            provenance,
            frame,
            guessed | (roles or {}),
            additive_over,
            linked=linked,
            cumulative_over=cumulative_over,
            repeats=repeats,
        )

    return make
