"""The main job, end to end: extracts in, a report out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import Result

from evalkit import api
from evalkit.warehouse import open_warehouse


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pseudonyms(demo_folder: Path) -> list[str]:
    return (
        pl.read_csv(demo_folder / "extracts" / "bef.csv", infer_schema=False).get_column("PNR").drop_nulls().to_list()
    )


def test_demo_leaves_report_bundle_and_secure_part(demo_folder: Path, demo_summary: api.RunSummary) -> None:
    assert demo_summary.report == demo_folder / "report.html"
    assert {path.name for path in demo_folder.iterdir()} == {
        "bundle",
        "extracts",
        "report.html",
        "secure",
        "study.toml",
        "truth.json",
    }
    assert (demo_folder / "secure" / "warehouse.duckdb").stat().st_mode & 0o077 == 0


def test_three_headline_figures(demo_summary: api.RunSummary) -> None:
    assert len(demo_summary.headlines) == 3
    assert all(re.search(r"\d", line) for line in demo_summary.headlines)


def test_no_row_is_lost(demo_folder: Path, demo_summary: api.RunSummary) -> None:
    assert len(demo_summary.deliveries) == 14
    for one in demo_summary.deliveries:
        assert one.n_delivered == one.n_staged + one.n_quarantined + one.n_out_of_scope
        path = demo_folder / "extracts" / f"{one.layout}.csv"
        with path.open(encoding="utf-8") as lines:
            assert one.n_delivered == sum(1 for _ in lines) - 1


def test_nothing_that_leaves_names_a_person(demo_folder: Path) -> None:
    """Neither the bundle nor the report holds any pseudonym or person key column."""
    some = pseudonyms(demo_folder)[::97]
    assert len(some) > 20
    for path in [
        demo_folder / "report.html",
        *(demo_folder / "bundle").rglob("*.csv"),
        *(demo_folder / "bundle").rglob("*.json"),
    ]:
        text = path.read_text(encoding="utf-8")
        assert "person_key" not in text
        assert not [pseudonym for pseudonym in some if pseudonym in text]
    for table in (demo_folder / "bundle" / "tables").glob("*.parquet"):
        assert pl.read_parquet(table).height < 1000


def test_small_cells_are_suppressed_with_a_status(demo_folder: Path) -> None:
    status = pl.read_parquet(demo_folder / "bundle" / "tables" / "status.parquet")
    published = status.filter(pl.col("n_persons_status").cast(pl.String) == "published")
    hidden = status.filter(pl.col("n_persons_status").cast(pl.String).str.starts_with("suppressed"))
    assert published.filter(pl.col("n_persons").is_between(1, 4)).is_empty()
    assert hidden.height
    assert hidden.get_column("n_persons").null_count() == hidden.height


def test_report_asks_no_other_host(demo_folder: Path) -> None:
    html = (demo_folder / "report.html").read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=[\"'](?:https?:)?//[^\"']+", html)
    assert "<html" in html
    assert 'lang="da"' in html


def test_same_seed_same_bundle(demo_folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    api.demo(again, persons=8000, seed=7)
    assert digest(again / "bundle") == digest(demo_folder / "bundle")
    assert digest(again / "extracts") == digest(demo_folder / "extracts")


def test_second_run_builds_nothing(study_folder: Path, tmp_path: Path, evalkit: Callable[..., Result]) -> None:
    output = tmp_path / "out"
    first = evalkit("run", study_folder / "study.toml", "--output", output)
    assert first.exit_code == 0, first.output
    before = digest(output / "bundle")
    summary = api.run(study_folder / "study.toml", output)
    assert all(run.skipped for run in summary.model_runs)
    assert digest(output / "bundle") == before


def test_warehouse_keeps_pseudonyms_in_vault_and_raw_only(demo_folder: Path) -> None:
    with open_warehouse(demo_folder / "secure" / "warehouse.duckdb") as warehouse:
        columns = warehouse.fetch(
            "SELECT schema_name, lower(column_name) AS name FROM duckdb_columns() "
            "WHERE schema_name IN ('staging', 'core', 'analysis')"
        )
    assert not set(columns.get_column("name")) & {"pnr", "person_id", "_row_text"}


@pytest.mark.parametrize("language", ["da", "en"])
def test_command_prints_report_and_headlines(
    study_folder: Path, tmp_path: Path, evalkit: Callable[..., Result], language: str
) -> None:
    result = evalkit("run", study_folder / "study.toml", "--output", tmp_path / "out", "--lang", language)
    assert result.exit_code == 0, result.output
    assert f"Report: {tmp_path / 'out' / 'report.html'}" in result.output
    assert result.output.count("\n- ") == 3
    assert f'lang="{language}"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_every_command_has_help(evalkit: Callable[..., Result]) -> None:
    for command in ("demo", "run", "synth"):
        result = evalkit(command, "--help")
        assert result.exit_code == 0
        assert "--output" in result.output
