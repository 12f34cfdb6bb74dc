"""Direct standardisation worked out by hand in fractions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import sqrt

import polars as pl
import pytest

from evalkit.indicators.standardised import standardised
from evalkit.results import Column, Provenance, Result

PROVENANCE = Provenance("study@0", date(2023, 7, 1), {}, "0")
ROWS = [
    ("young", "pilot", "working", 12, 400, 100),
    ("old", "pilot", "working", 12, 100, 50),
    ("young", "comparison", "working", 12, 1000, 200),
    ("old", "comparison", "working", 12, 3000, 1200),
    ("unknown", "pilot", "working", 12, 7, 7),  # nobody to compare these with
    ("young", "pilot", "working", 24, 199, 100),  # too few to weight anything
    ("young", "comparison", "working", 24, 1000, 200),
]


def by_age() -> Result:
    frame = pl.DataFrame(
        ROWS, schema=["group", "arm", "measure", "month", "n_persons", "n_reached"], orient="row"
    ).with_columns(share=pl.col("n_reached") / pl.col("n_persons"), estimate=pl.lit(None, pl.Float64))
    dimensions = dict.fromkeys(("group", "arm", "measure", "month"), Column.dimension())
    counts = dict.fromkeys(("n_persons", "n_reached"), Column.count())
    return Result(
        "by_age",
        PROVENANCE,
        frame,
        {**dimensions, **counts, **dict.fromkeys(("share", "estimate"), Column.derived("n_persons"))},
    )


def test_the_comparison_is_weighted_as_the_pilot() -> None:
    table = standardised(by_age(), "age", PROVENANCE, reference="comparison", treated="pilot").tidy()
    assert table.get_column("month").to_list() == [12]
    row = table.row(0, named=True)
    young, old = Fraction(40, 50), Fraction(10, 50)
    assert (row["n_treated"], row["n_reference"]) == (500, 4000)
    assert row["treated"] == pytest.approx(float(Fraction(15, 50)))
    assert row["reference"] == pytest.approx(float(Fraction(140, 400)))
    weighted = young * Fraction(20, 100) + old * Fraction(120, 300)
    assert row["standardised"] == pytest.approx(float(weighted))  # .24, as it is .35
    assert row["difference"] == pytest.approx(float(Fraction(15, 50) - weighted))
    variance = young**2 * (Fraction(1, 4) * Fraction(3, 4) / 400 + Fraction(1, 5) * Fraction(4, 5) / 1000)
    variance += old**2 * (Fraction(1, 2) * Fraction(1, 2) / 100 + Fraction(2, 5) * Fraction(3, 5) / 3000)
    assert row["std_error"] == pytest.approx(sqrt(variance))
    assert row["conf_high"] - row["difference"] == pytest.approx(1.959963984540054 * sqrt(variance))


def test_with_the_same_mixture_nothing_changes() -> None:
    same = by_age().frame.with_columns(
        n_persons=pl.when(pl.col("arm") == "comparison")
        .then(pl.when(pl.col("group") == "young").then(4000).otherwise(1000))
        .otherwise("n_persons")
    )
    groups = Result("by_age", PROVENANCE, same, by_age().roles)
    row = standardised(groups, "age", PROVENANCE, reference="comparison", treated="pilot").tidy().row(0, named=True)
    assert row["standardised"] == pytest.approx(row["reference"])
