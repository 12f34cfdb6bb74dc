"""The data sets that R's values were computed from."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tests.reference.survival_matrix import data_set


@pytest.fixture(scope="session")
def data() -> Callable[[str], pl.DataFrame]:
    """Data set by name, with weights, clusters and late entries made up."""
    return data_set
