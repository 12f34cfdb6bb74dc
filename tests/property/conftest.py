"""One set of synthetic extracts, made once, that the tests of its truth read plainly."""

from __future__ import annotations

import polars as pl
import pytest

from evalkit.synthetic import load_scenario, write_extracts
from tests.property.plain_extracts import Delivery, arms_in, away_in, deaths_in, stays_in


@pytest.fixture(scope="session")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """Twenty thousand persons of the first programme's scenario."""
    folder = tmp_path_factory.mktemp("synthetic") / "extracts"
    truth = write_extracts(folder, load_scenario("haandholdt_inklusion"), n_persons=20_000, seed=7)
    return Delivery(folder, truth, {})


@pytest.fixture(scope="session")
def stays(delivery: Delivery) -> pl.DataFrame:
    """One row a stay."""
    return stays_in(delivery)


@pytest.fixture(scope="session")
def away(delivery: Delivery) -> pl.DataFrame:
    """One row an emigration."""
    return away_in(delivery)


@pytest.fixture(scope="session")
def deaths(delivery: Delivery) -> pl.DataFrame:
    """One row a death."""
    return deaths_in(delivery)


@pytest.fixture(scope="session")
def arms(delivery: Delivery, stays: pl.DataFrame, away: pl.DataFrame, deaths: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Arm to its persons."""
    return arms_in(delivery, stays, away, deaths)
