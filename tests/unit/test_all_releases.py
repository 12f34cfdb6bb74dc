"""All releases of a person: the share of releases, with the variance of persons."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from evalkit.indicators.all_releases import all_releases
from evalkit.results import Provenance

PROVENANCE = Provenance("test@0", date(2023, 7, 1), {}, "0")


def exits(*rows: tuple[int, str, int, int]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["person_key", "arm", "exit_time", "event_type"], orient="row")
    return frame.with_columns(pl.lit(0).alias("entry_time"))


def test_by_hand_without_censoring() -> None:
    """Person 1 twice, both times with the event; persons 2 and 3 once, without: 2 of 4 releases, 3 persons.

    The robust variance of a share is the sum of the squares of each person's sum of deviations, over the square of the
    number of releases: (1/2 + 1/2)^2 + (1/2)^2 + (1/2)^2 = 3/2, over 16.
    """
    found = all_releases(
        exits((1, "pilot", 10, 1), (1, "pilot", 20, 1), (2, "pilot", 731, 0), (3, "pilot", 731, 0)),
        PROVENANCE,
        horizon=731,
    )
    row = found.tidy().row(0, named=True)
    assert (row["n_persons"], row["estimate"]) == (3, pytest.approx(0.5))
    assert row["std_error"] == pytest.approx(np.sqrt(1.5 / 16))
    assert "n_releases" not in found.tidy().columns


def test_one_release_each_is_the_plain_share() -> None:
    found = all_releases(
        exits(*((person, "pilot", 10 if person < 3 else 731, int(person < 3)) for person in range(10))),
        PROVENANCE,
        horizon=731,
    )
    row = found.tidy().row(0, named=True)
    assert row["estimate"] == pytest.approx(0.3)
    assert row["std_error"] == pytest.approx(np.sqrt(0.3 * 0.7 / 10))
