"""A result shows its table under a banner and never its values in a repr."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from evalkit.errors import EstimationError, UserError
from evalkit.results import Column, Provenance, Result

RESULT = Result(
    "risk",
    Provenance("test@0", date(2023, 7, 1), {}, "0"),
    pl.DataFrame({"arm": ["pilot"], "n_persons": [1234]}),
    {"arm": Column.dimension(), "n_persons": Column.count()},
)


def test_repr_has_no_cell_values() -> None:
    assert repr(RESULT) == "<Result risk: 1 rows, test@0>"


def test_html_has_the_banner() -> None:
    html = RESULT._repr_html_()
    assert "must not leave the secure zone" in html
    assert "1234" in html


def test_a_result_without_a_figure_says_so() -> None:
    with pytest.raises(EstimationError, match="no figure"):
        RESULT.plot()


def test_an_error_says_what_and_what_to_do() -> None:
    assert str(UserError("krin.csv: 3 rows.", hint="Ask again.")) == "krin.csv: 3 rows. Ask again."
    assert str(UserError("krin.csv: 3 rows.")) == "krin.csv: 3 rows."
