"""The page of pitfalls: none is missing, and each is shown by a test that exists or named as a limit."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
N_PITFALLS = 32
ROW = re.compile(r"^\| (\d+) \|(.*)\|(.*)\|(.*)\|$", re.MULTILINE)


def rows() -> list[tuple[int, str, list[str]]]:
    page = (ROOT / "docs" / "explanation" / "limits.md").read_text(encoding="utf-8")
    return [(int(row[1]), row[3], re.findall(r"`(tests/[^`]+)`", row[4])) for row in ROW.finditer(page)]


def test_every_pitfall_has_a_line() -> None:
    assert [number for number, _, _ in rows()] == list(range(1, N_PITFALLS + 1))


def test_each_is_shown_by_a_test_that_is_there_or_is_a_limit() -> None:
    assert [number for number, done, tests in rows() if not tests and "**Limit**" not in done] == []
    assert [name for _, _, tests in rows() for name in tests if not (ROOT / name).is_file()] == []
