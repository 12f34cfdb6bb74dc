"""Reference data sets and the values that R computed from them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

FOLDER = Path(__file__).parent


@cache
def _data(name: str) -> pl.DataFrame:
    return pl.read_csv(FOLDER / "data" / f"{name}.csv")


@cache
def _values() -> dict[tuple[str, str], dict[str, float]]:
    types = {"key": pl.String, "value": pl.Float64}
    frame = pl.read_csv(FOLDER / "survival_reference.csv", schema_overrides=types, null_values=["NA", "NaN"])
    found: dict[tuple[str, str], dict[str, float]] = {}
    for case, item, key, value in frame.fill_null(float("nan")).iter_rows():
        found.setdefault((case, item), {})[key] = value
    return found


@pytest.fixture(scope="session")
def data() -> Callable[[str], pl.DataFrame]:
    """Data set by name, as survival_reference.R wrote it."""
    return _data


@pytest.fixture(scope="session")
def from_r() -> Callable[[str, str], dict[str, float]]:
    """R's values of one item of one case, by key."""
    values = _values()
    return lambda case, item: values[case, item]
