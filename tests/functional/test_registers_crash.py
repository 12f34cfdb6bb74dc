"""What happens to a warehouse when the worst happens to a run: the next run finds it consistent and completes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalkit.errors import DeliveryError, LayoutError
from evalkit.registers import ExtractSpec, ingest
from evalkit.registers.files import csv_file as csv_file_module
from evalkit.registers.files.piece import Piece
from evalkit.registers.intake import take_in as intake_module
from evalkit.registers.intake.checked_pieces import checked_pieces
from evalkit.registers.intake.header_check import FileAtHand, RegisterAtHand
from evalkit.warehouse import Warehouse, open_warehouse

N_ROWS = 60_000
PROGRAM = """
import sys
from pathlib import Path
from evalkit.errors import UserError
from evalkit.registers import ExtractSpec, ingest
from evalkit.warehouse import open_warehouse
folder = Path(sys.argv[1])
specs = [ExtractSpec(layout=layout, path=f"{layout}.csv") for layout in ("dod", "kontakt", "vnds")]
try:
    with open_warehouse(folder / "w.duckdb") as warehouse:
        ingest(warehouse, specs, root=folder, progress=lambda layout: print(layout, flush=True))
        print("done", flush=True)
        sys.stdin.readline() if "wait" in sys.argv else None
except UserError as error:
    print(type(error).__name__, error, flush=True)
    sys.exit(error.exit_code)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def write(layout: str, header: str, row: str) -> None:
        rows = (row.format(n=n, day=n % 28 + 1) for n in range(N_ROWS))
        (tmp_path / f"{layout}.csv").write_text(header + "".join(rows), encoding="utf-8")

    write("dod", "PNR,DODDATO\n", "p{n:08x},2016-01-{day:02d}\n")
    write("kontakt", "PNR,KONTAKT_DATO,KONTAKT_ART\n", "p{n:08x},2016-02-{day:02d},telefon\n")
    write("vnds", "PNR,HAEND_DATO,INDUD_KODE\n", "p{n:08x},2016-03-{day:02d},U\n")
    return tmp_path


def start(folder: Path, *options: str, **how: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder), *options]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **pipes, **how)  # type: ignore[call-overload,no-any-return]


def require_whole(folder: Path) -> None:
    """Every register is there once and whole, with one key a person."""
    with open_warehouse(folder / "w.duckdb") as warehouse:
        counts = {layout: warehouse.count(f"staging.{layout}") for layout in ("dod", "kontakt", "vnds")}
        assert counts == dict.fromkeys(counts, N_ROWS)
        assert warehouse.count("vault.person") == N_ROWS
        keys = warehouse.fetch(
            "SELECT count(DISTINCT person_key) AS k, count(DISTINCT person_id) AS p FROM vault.person"
        )
        assert keys.row(0) == (N_ROWS, N_ROWS)
        tables = warehouse.fetch("SELECT count(*) AS n FROM duckdb_tables() WHERE schema_name = 'delivered'").item()
        assert tables == 3


@pytest.mark.parametrize("seen", [0, 1, 2, 3])
def test_killed_at_any_point(seen: int, folder: Path) -> None:
    """Killed when so many registers have begun, and a moment later each time."""
    for delay in (0.0, 0.05, 0.15):
        run = start(folder)
        assert run.stdout is not None
        for _ in range(seen):
            if run.stdout.readline() == "done\n":
                break
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
        run.communicate()
    said, errors = start(folder).communicate()
    assert errors == ""
    assert said.endswith("done\n")
    require_whole(folder)


def test_a_full_disk(folder: Path) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    run = start(folder, preexec_fn=little_room)
    said, errors = run.communicate()
    assert run.returncode == 13, said + errors
    assert "ModelError" in said
    assert errors == ""
    said, errors = start(folder).communicate()
    assert (said.splitlines()[-1], errors) == ("done", "")
    require_whole(folder)


def test_two_runs_at_once(folder: Path) -> None:
    first = start(folder, "wait")
    assert first.stdout is not None
    while first.stdout.readline() != "done\n":
        pass
    second = start(folder)
    said, errors = second.communicate()
    assert second.returncode == 13
    assert (
        said == "ModelError w.duckdb: the warehouse cannot be opened. Is another run using it? " + said.split("it? ")[1]
    )
    assert errors == ""
    first.communicate("\n")
    assert first.returncode == 0
    require_whole(folder)


def test_a_file_that_shrinks_while_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "dod.csv"

    def cut_after_the_first(register: RegisterAtHand, file: FileAtHand) -> Iterator[Piece]:
        for number, piece in enumerate(checked_pieces(register, file)):
            if number == 0 and file.reader.path == path:
                os.truncate(path, path.stat().st_size // 2)
            yield piece

    monkeypatch.setattr(csv_file_module, "_BLOCK", 50_000)
    monkeypatch.setattr(intake_module, "checked_pieces", cut_after_the_first)
    with open_warehouse(folder / "w.duckdb") as warehouse:
        with pytest.raises((LayoutError, DeliveryError), match=r"still being written|truncated"):
            ingest(warehouse, [ExtractSpec(layout="dod", path="dod.csv")], root=folder)
        require_nothing(warehouse)


def require_nothing(warehouse: Warehouse) -> None:
    tables = warehouse.fetch("SELECT count(*) AS n FROM duckdb_tables() WHERE schema_name = 'delivered'").item()
    assert tables == 0
    assert warehouse.count("vault.person") == 0
