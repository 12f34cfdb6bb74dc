"""Bad input ends with one clear line, its exit code, no person's value and nothing half-written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import Result

Break = Callable[[Path], None]


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def write(path: Path, lines: list[str]) -> None:
    path.write_text("".join(lines), encoding="utf-8")


def edit_cells(layout: str, column: str, value: Callable[[int], str]) -> Break:
    """Put other values into one column of every row."""

    def broken(folder: Path) -> None:
        path = folder / "extracts" / f"{layout}.csv"
        header, *rows = lines_of(path)
        place = header.strip().split(",").index(column)
        changed = []
        for number, row in enumerate(rows):
            cells = row.rstrip("\n").split(",")
            cells[place] = value(number)
            changed.append(",".join(cells) + "\n")
        write(path, [header, *changed])

    return broken


def edit_study(old: str, new: str) -> Break:
    def broken(folder: Path) -> None:
        path = folder / "study.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return broken


def drop_column(layout: str, column: str) -> Break:
    def broken(folder: Path) -> None:
        path = folder / "extracts" / f"{layout}.csv"
        rows = [line.rstrip("\n").split(",") for line in lines_of(path)]
        place = rows[0].index(column)
        write(path, [",".join(row[:place] + row[place + 1 :]) + "\n" for row in rows])

    return broken


def cut_short(folder: Path) -> None:
    path = folder / "extracts" / "krin.csv"
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(text[: text.rindex(",", 0, text.rindex(",") - 20)], encoding="utf-8")


def no_file(folder: Path) -> None:
    (folder / "extracts" / "dod.csv").unlink()


def empty_file(folder: Path) -> None:
    (folder / "extracts" / "dod.csv").write_bytes(b"")


def binary_file(folder: Path) -> None:
    (folder / "extracts" / "dod.csv").write_bytes(bytes(range(256)) * 50)


@dataclass(frozen=True)
class Case:
    """One way to break a delivery, and what the message must say."""

    breaks: Break
    exit_code: int
    says: tuple[str, ...]
    never_says: str = r"[0-9a-f]{16}"
    keeps: bool = False


CASES = {
    "missing file": Case(no_file, 11, ("dod",)),
    "empty file": Case(empty_file, 11, ("dod",)),
    "binary file": Case(binary_file, 11, ("dod",)),
    "missing column": Case(drop_column("krin", "IND_FGSLKOD"), 11, ("krin", "IND_FGSLKOD")),
    "wrong type": Case(
        edit_cells("dod", "DODDATO", lambda n: f"dag {n}"), 11, ("dod", "DODDATO"), r"dag \d", keeps=True
    ),
    "truncated": Case(cut_short, 11, ("krin", "truncated"), keeps=True),
    "unknown code": Case(edit_cells("vnds", "INDUD_KODE", lambda _: "Q"), 11, ("vnds", "INDUD_KODE"), keeps=True),
    "CPR-like": Case(
        edit_cells("dod", "PNR", lambda n: f"{n % 28 + 1:02d}0180{n % 10000:04d}"),
        11,
        ("dod", "PNR"),
        r"\d{10}",
        keeps=True,
    ),
    "one CPR-like": Case(
        edit_cells("dod", "PNR", lambda n: "0101801234" if n == 3 else f"{n:016x}".replace("0", "f")),
        11,
        ("dod", "PNR"),
        r"\d{10}",
        keeps=True,
    ),
    "misspelt key": Case(edit_study("min_stay_days", "min_stay_dags"), 10, ("cohort.min_stay_dags",)),
    "unknown layout": Case(edit_study('layout = "dod"', 'layout = "dodd"'), 11, ("dodd",)),
    "nobody in an arm": Case(
        edit_study('pilot_municipalities = ["316", "615"]', 'pilot_municipalities = ["999"]'),
        14,
        ("pilot",),
        keeps=True,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input(name: str, study_folder: Path, tmp_path: Path, evalkit: Callable[..., Result]) -> None:
    case = CASES[name]
    case.breaks(study_folder)
    output = tmp_path / "out"
    result = evalkit("run", study_folder / "study.toml", "--output", output)
    message = result.stderr
    assert result.exit_code == case.exit_code, result.output
    assert message.startswith("Error: ")
    assert message.count("\n") == 1
    assert "Traceback" not in result.output
    for part in case.says:
        assert part in message
    assert not re.search(case.never_says, message)
    # Nothing is left but the registers that were taken in well.
    assert [path.name for path in output.glob("*")] == (["secure"] if case.keeps else [])
    assert [path.name for path in output.glob("*/*")] == (["warehouse.duckdb"] if case.keeps else [])


def test_a_bad_delivery_leaves_the_last_report_as_it_was(
    study_folder: Path, tmp_path: Path, evalkit: Callable[..., Result]
) -> None:
    output = tmp_path / "out"
    assert evalkit("run", study_folder / "study.toml", "--output", output).exit_code == 0
    before = (output / "report.html").read_bytes()
    names = {path.name for path in output.iterdir()}
    CASES["unknown code"].breaks(study_folder)
    assert evalkit("run", study_folder / "study.toml", "--output", output).exit_code == 11
    assert (output / "report.html").read_bytes() == before
    assert {path.name for path in output.iterdir()} == names


def test_demo_does_not_write_into_somebody_elses_folder(tmp_path: Path, evalkit: Callable[..., Result]) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    result = evalkit("demo", "--output", tmp_path)
    assert result.exit_code == 10
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_output_that_is_a_file(study_folder: Path, tmp_path: Path, evalkit: Callable[..., Result]) -> None:
    (tmp_path / "out").write_text("kept", encoding="utf-8")
    result = evalkit("run", study_folder / "study.toml", "--output", tmp_path / "out")
    assert result.exit_code == 10
    assert (tmp_path / "out").read_text(encoding="utf-8") == "kept"


def test_output_that_cannot_be_made(study_folder: Path, tmp_path: Path, evalkit: Callable[..., Result]) -> None:
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    result = evalkit("run", study_folder / "study.toml", "--output", tmp_path / "file" / "out")
    assert result.exit_code == 74
    assert result.stderr.count("\n") == 1
    assert "Check the folder" in result.stderr


DELIVERED = """
[study]
name = "mine"
report = "rossi"
vintage = 2020-01-01
time_unit = "week"
title = { da = "Min", en = "Mine" }

[[arm]]
name = "Control"
label = { da = "Kontrol", en = "Control" }
description = { da = "-", en = "-" }

[[arm]]
name = "Aid"
label = { da = "Støtte", en = "Aid" }
description = { da = "-", en = "-" }

[[extract]]
layout = "time_to_event"
path = "d.csv"
columns = { ID = "who", ARM = "group", EXIT = "weeks", EVENT = "back" }
event_codes = ["yes"]
censored_codes = ["no"]
covariates = ["age"]

[delivered]
name = "back"
label = { da = "tilbage", en = "back" }
horizon = 10
horizon_label = { da = "10 uger", en = "10 weeks" }
explanation = { title = { da = "-", en = "-" }, da = ["-"], en = ["-"], source = "-" }
"""


@pytest.mark.parametrize(
    ("row", "exit_code", "said"),
    [
        ("q,Aid,9,yes,30", 0, ""),
        ("q,Other,9,yes,30", 12, "1 values of the arm"),
        ("q,Aid,9,yes,", 14, "age (1)"),
        ("q,Aid,nine,yes,30", 0, "1 set aside"),
    ],
)
def test_delivered_durations(
    tmp_path: Path, evalkit: Callable[..., Result], row: str, exit_code: int, said: str
) -> None:
    """A study of one's own: nobody drops out unseen, whatever is wrong with one row of 61."""
    (tmp_path / "study.toml").write_text(DELIVERED, encoding="utf-8")
    rows = [f"p{n},{('Control', 'Aid')[n % 2]},{12 - n % 5},{('yes', 'no')[n % 3 == 0]},{20 + n}" for n in range(60)]
    (tmp_path / "d.csv").write_text("\n".join(["who,group,weeks,back,age", *rows, row, ""]), encoding="utf-8")
    result = evalkit("run", tmp_path / "study.toml", "--output", tmp_path / "out")
    assert result.exit_code == exit_code, result.output
    assert said in result.output
