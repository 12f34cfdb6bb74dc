"""The layout that docs/how-to/add-a-register-layout.md makes up: its files, as printed there, work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evalkit.registers import ExtractSpec, ingest, layouts
from evalkit.registers.contracts import contract
from evalkit.warehouse import open_warehouse, portability_findings
from tests.sql.typed_tables import create_staging, staging_check

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-register-layout.md"


def printed() -> dict[str, str]:
    """The files of the page by name."""
    fences = re.findall(
        r"^```\w+ file=(\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    return dict(fences)


@pytest.fixture
def only_this_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's files and nothing else, from which layouts are read."""
    for name, text in printed().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(contract, "shipped", lambda folder: tmp_path / folder)
    return tmp_path


def test_the_layout_is_two_files(only_this_layout: Path) -> None:
    assert layouts() == ("herberg",)
    assert sorted(path.name for path in (only_this_layout / "sql" / "staging").iterdir()) == [
        "herberg.sql",
        "herberg.toml",
    ]
    sql = contract.staging_sql("herberg")
    assert sql.startswith("-- Grain: one row a")
    assert portability_findings(sql) == ()


def test_its_test_passes(only_this_layout: Path) -> None:
    test = only_this_layout / "tests" / "sql" / "test_staging_shelters.py"
    defined: dict[str, object] = {}
    exec(compile(test.read_text(encoding="utf-8"), "the page's test", "exec"), defined)  # noqa: S102 - our own page
    (run,) = [one for name, one in defined.items() if name.startswith("test_") and callable(one)]
    with open_warehouse() as warehouse:
        create_staging(warehouse)
        run(staging_check(warehouse))


def test_its_file_is_taken_in(only_this_layout: Path) -> None:
    with open_warehouse() as warehouse:
        (delivery,) = ingest(warehouse, [ExtractSpec(layout="herberg", path=("herberg.csv",))], root=only_this_layout)
        rows = warehouse.fetch(
            "SELECT municipality, start_date, stop_date, kind FROM staging.herberg ORDER BY start_date"
        )
    assert [[str(cell) for cell in row] for row in rows.rows()] == [
        ["316", "2017-03-01", "2017-03-15", "shelter"],
        ["316", "2017-05-01", "None", "crisis_centre"],
    ]
    assert (delivery.n_delivered, delivery.n_staged, delivery.n_quarantined) == (4, 2, 2)
