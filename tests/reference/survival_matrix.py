"""The matrix that the survival engine is compared with R on: data sets times variants, made as r/cells.R makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

FOLDER = Path(__file__).parent
DATA_SETS = ("rossi", "recid", "lung", "veteran", "colon", "pbc", "mgus2", "cgd")
# R's values are committed with eleven digits and both sides compute in double precision: a wider gap is another
# formula. Relative, so that small variances count as much as the curves; what is 0 meets the absolute part.
RELATIVE, ABSOLUTE = 1e-8, 1e-12


@dataclass(frozen=True, slots=True)
class Variant:
    """What is done to a data set; a line of values/variants.csv."""

    variant: str
    heavy: bool
    delayed: bool
    weight: str
    cluster: bool

    @property
    def is_robust(self) -> bool:
        return "sampling" in self.weight or self.cluster


@dataclass(frozen=True, slots=True)
class Cell:
    """One data set in one variant."""

    data: str
    variant: Variant
    frame: pl.DataFrame = field(repr=False)

    @property
    def options(self) -> dict[str, Any]:
        """Weights, clusters and late entries, as the engine takes them."""
        weight, found = self.variant.weight, {}
        if "case" in weight or weight == "fractional":
            found["weight"] = self.frame["case" if "case" in weight else "sampling"]
        if "sampling" in weight:
            found["sampling_weight"] = self.frame["sampling"]
        if self.variant.cluster:
            found["cluster"] = self.frame["cluster"]
        if self.data == "cgd" or self.variant.delayed:
            found["entry_time"] = self.frame["entry"]
        return found

    @property
    def horizon(self) -> float:
        """Where restricted means end: between two times."""
        return floor(0.6 * int(self.frame["exit"].to_numpy().max())) + 0.5

    def from_r(self, table: str) -> pl.DataFrame:
        """R's rows for this cell; null where R has no such value."""
        return r_table(table).filter(data=self.data, variant=self.variant.variant).drop("data", "variant")


@cache
def r_table(name: str) -> pl.DataFrame:
    """A table of values that R computed."""
    return pl.read_csv(FOLDER / "values" / f"{name}.csv", null_values="NA", infer_schema_length=None)


@cache
def variants() -> tuple[Variant, ...]:
    """Return the variants, as R reads them."""
    return tuple(
        Variant(name, bool(heavy), bool(delayed), weight, bool(cluster))
        for name, heavy, delayed, weight, cluster in r_table("variants").iter_rows()
    )


@cache
def data_set(name: str) -> pl.DataFrame:
    """Read a data set; weights, clusters, causes and late entries that it lacks are made up from the rows' numbers."""
    d = pl.read_csv(FOLDER / "data" / f"{name}.csv")
    i = pl.int_range(1, d.height + 1)
    made_up = {
        "case": 1 + (i * 7) % 3,
        "sampling": 0.25 + ((i * 13) % 11) / 4,
        "offset": ((i * 3) % 7) / 8,
        "cluster": pl.col("id") if "id" in d.columns else (i * 5) % 40,
        "cause": pl.col("event") * (1 + (i // 2) % 3),
        "entry": (pl.col("exit") * ((i // 3) % 3)) // 4,
    }
    return d.with_columns(**{column: value for column, value in made_up.items() if column not in d.columns})


@cache
def cell(data: str, variant: str) -> Cell:
    """Make one cell of the matrix."""
    chosen = next(v for v in variants() if v.variant == variant)
    d = data_set(data)
    if data != "cgd" and not chosen.delayed:
        d = d.with_columns(entry=pl.lit(0, pl.Int64))
    if chosen.heavy:
        step = ceil(int(d["exit"].to_numpy().max()) / 8)
        d = d.with_columns(-(-pl.col("exit", "entry") // step)).filter(pl.col("entry") < pl.col("exit"))
    return Cell(data, chosen, d)


def _is_cell(data: str, variant: Variant) -> bool:
    """cgd has entries of its own, so its delayed variants would be the others again."""
    return data != "cgd" or not variant.variant.startswith("delayed")


CELLS = tuple((data, v.variant) for data in DATA_SETS for v in variants() if _is_cell(data, v))
each_cell = pytest.mark.parametrize(("data", "variant"), CELLS)


def each_cell_of(table: str) -> pytest.MarkDecorator:
    """Parametrize with the cells that a table of R's values has."""
    known = set(r_table(table).select("data", "variant").rows())
    return pytest.mark.parametrize(("data", "variant"), [pair for pair in CELLS if pair in known])


def assert_close(actual: npt.ArrayLike, expected: npt.ArrayLike, what: str = "") -> None:
    """Compare to eight digits."""
    np.testing.assert_allclose(
        np.asarray(actual, dtype=np.float64),
        np.asarray(expected, dtype=np.float64),
        rtol=RELATIVE,
        atol=ABSOLUTE,
        err_msg=what,
    )


def assert_equal(actual: pl.DataFrame, expected: pl.DataFrame, keys: Sequence[str]) -> None:
    """Find every value that R has in the row with the same keys."""
    assert expected.height > 0
    both = expected.join(actual, on=keys, how="left", suffix=" actual", validate="1:1")
    for name in expected.columns:
        if name not in keys:
            pair = both.select(name, f"{name} actual").filter(pl.col(name).is_not_null())
            assert_close(pair[f"{name} actual"], pair[name], name)
