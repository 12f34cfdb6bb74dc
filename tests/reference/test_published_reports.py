"""Real people's data through the same path give the published figures, down to the report.

Rossi, Berk & Lenihan (1980), as in Fox & Weisberg's appendix on Cox regression: seven covariates.
recid: Chung, Schmidt & Witte (1991); Kaplan-Meier values from R survival 3.5-3.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from evalkit import api
from evalkit.shipped import shipped


def bundle_of(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(name) / "out"
    api.run(shipped("reports") / name / "study.toml", folder, language="en")
    return folder


@pytest.fixture(scope="module")
def rossi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle_of("rossi", tmp_path_factory)


@pytest.fixture(scope="module")
def recid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle_of("recid", tmp_path_factory)


def value(folder: Path, table: str, column: str, **where: object) -> float:
    frame = pl.read_parquet(folder / "bundle" / "tables" / f"{table}.parquet")
    rows = frame.filter(*(pl.col(name) == wanted for name, wanted in where.items()))
    assert rows.height == 1
    return float(rows.get_column(column).item())


@pytest.mark.parametrize(("arm", "survival", "n"), [("0", 0.6944, 216), ("1", 0.7778, 216)])
def test_rossi_survival_at_52_weeks(rossi: Path, arm: str, survival: float, n: int) -> None:
    assert value(rossi, "survival", "estimate", arm=arm, time=52) == pytest.approx(survival, abs=5e-5)
    assert value(rossi, "risk", "n_persons", arm=arm) == n


def test_rossi_log_rank(rossi: Path) -> None:
    assert value(rossi, "contrast", "statistic", measure="log_rank") == pytest.approx(3.8376, abs=5e-5)


@pytest.mark.parametrize(
    ("term", "coefficient", "std_error"),
    [
        ("fin", -0.3794, 0.1914),
        ("age", -0.0574, 0.0220),
        ("race", 0.3139, 0.3080),
        ("wexp", -0.1498, 0.2122),
        ("mar", -0.4337, 0.3819),
        ("paro", -0.0849, 0.1958),
        ("prio", 0.0915, 0.0286),
    ],
)
def test_rossi_cox(rossi: Path, term: str, coefficient: float, std_error: float) -> None:
    assert value(rossi, "cox", "estimate", term=term) == pytest.approx(coefficient, abs=5e-5)
    assert value(rossi, "cox", "std_error", term=term) == pytest.approx(std_error, abs=5e-5)


def test_rossi_log_likelihood(rossi: Path) -> None:
    assert value(rossi, "fit", "log_likelihood", model="cox_efron") == pytest.approx(-658.7477, abs=5e-5)


@pytest.mark.parametrize("figure", [".6944", ".7778", "3.8376", "0.3794", "0.1914", "0.0574", "0.0915", "658.7477"])
def test_rossi_report_shows_the_published_figures(rossi: Path, figure: str) -> None:
    assert figure in (rossi / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("arm", "survival"), [("0", 0.7620), ("1", 0.7708)])
def test_recid_survival_at_24_months(recid: Path, arm: str, survival: float) -> None:
    assert value(recid, "survival", "estimate", arm=arm, time=24) == pytest.approx(survival, abs=5e-5)


def test_recid_survival_of_everyone(recid: Path) -> None:
    assert 1 - value(recid, "overall", "estimate", arm="all") == pytest.approx(0.7661, abs=5e-5)
    assert value(recid, "overall", "n_persons", arm="all") == 1445


@pytest.mark.parametrize("figure", [".7661", ".7620", ".7708"])
def test_recid_report_shows_the_published_figures(recid: Path, figure: str) -> None:
    assert figure in (recid / "report.html").read_text(encoding="utf-8")
