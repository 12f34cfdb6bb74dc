"""Extracts broken at random: each ends in success with every row counted, or in one typed error without a value."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from evalkit.errors import DeliveryError
from evalkit.registers import Delivery, ExtractSpec, ingest
from evalkit.warehouse import open_warehouse
from tests.property.mutated_extracts import MUTATIONS, Extract, made, set_aside

N_ROWS = 30
INSERTED = (b'"', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b";", b'""', b"\xef\xbb\xbf", b"0101901234", b"\xc3")
EXTRACTS = {
    "vnds": b"PNR,HAEND_DATO,INDUD_KODE,INDUD_LAND\n"
    + b"".join(b"%016x,2016-03-%02d,U,5120\n" % (10**18 + number, number % 28 + 1) for number in range(N_ROWS)),
    "dream": b"PNR,FOEDDT,Y_1552,Y_1553,Y_1601\n"
    + b"".join(b'%016x,"1980-05-01",730,,111\n' % (10**18 + number) for number in range(N_ROWS)),
}


def cut(rng: np.random.Generator, text: bytes) -> bytes:
    return text[: rng.integers(len(text) + 1)]


def replace(rng: np.random.Generator, text: bytes) -> bytes:
    place = int(rng.integers(len(text) + 1))
    return text[:place] + bytes([rng.integers(256)]) + text[place + 1 :]


def insert(rng: np.random.Generator, text: bytes) -> bytes:
    place = int(rng.integers(len(text) + 1))
    return text[:place] + INSERTED[rng.integers(len(INSERTED))] + text[place:]


def remove(rng: np.random.Generator, text: bytes) -> bytes:
    place = int(rng.integers(len(text) + 1))
    return text[:place] + text[place + int(rng.integers(1, 30)) :]


def shuffle_lines(rng: np.random.Generator, text: bytes) -> bytes:
    lines = text.split(b"\n")
    return b"\n".join(lines[place] for place in rng.permutation(len(lines)))


def swap_columns(rng: np.random.Generator, text: bytes) -> bytes:
    rows = [line.split(b",") for line in text.split(b"\n")]
    order = rng.permutation(4)
    return b"\n".join(b",".join([row[place] for place in order if place < len(row)] + row[4:]) for row in rows)


CHANGES = (cut, replace, insert, remove, shuffle_lines, swap_columns)


@pytest.mark.parametrize("layout", EXTRACTS)
@pytest.mark.parametrize("seed", [*range(30), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(30, 500))])
def test_a_broken_extract(layout: str, seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    text = EXTRACTS[layout]
    for _ in range(int(rng.integers(1, 4))):
        text = CHANGES[rng.integers(len(CHANGES))](rng, text)
    (tmp_path / "x.csv").write_bytes(text)
    with open_warehouse() as warehouse:
        try:
            delivery = ingest(warehouse, [ExtractSpec(layout=layout, path="x.csv")], root=tmp_path)[0]
        except DeliveryError as error:
            message = str(error)
            assert re.search(r"0de0b6|2016-03|1980-05|010190", message) is None
            assert "bug" not in message
            assert not warehouse.fetch("SELECT 1 AS n FROM duckdb_views() WHERE schema_name = 'staging'").height
            return
        numbers = warehouse.fetch(
            f"SELECT _row AS n FROM delivered.{layout}_1 UNION ALL "  # noqa: S608 - our own layouts
            "SELECT row_number FROM quarantine.row WHERE rule = 'malformed_row' ORDER BY n"
        )["n"].to_list()
        assert numbers == list(range(1, delivery.n_delivered + 1))
        assert delivery.n_staged == warehouse.count(f"staging.{layout}")
        assert delivery.n_delivered == delivery.n_staged + delivery.n_quarantined
        assert delivery.n_quarantined == warehouse.count("quarantine.row") == sum(delivery.rules.values())


# --- Rows


SUFFIXES = [".csv", ".csv", ".parquet", ".dta", ".sav"]


@pytest.mark.parametrize(
    "seeds",
    [range(50), *(pytest.param(range(n, n + 50), marks=pytest.mark.slow) for n in range(50, 500, 50))],
    ids=lambda seeds: f"from {seeds.start}",
)
def test_what_is_left_of_a_mutated_extract(
    seeds: range, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for seed in seeds:
        extract, happened = mutated(seed)
        path = tmp_path / f"{seed}{extract.suffix}"
        extract.write(path)
        look_at(extract, path, f"seed {seed}: {', '.join(happened)} in {extract.suffix}")
    said = capfd.readouterr()
    assert (said.out, said.err, caplog.text) == ("", "", "")


def mutated(seed: int) -> tuple[Extract, list[str]]:
    rng = np.random.default_rng(seed)
    suffix = SUFFIXES[seed % len(SUFFIXES)]
    extract, possible = made(rng, suffix), MUTATIONS[suffix]
    happened = [str(name) for name in rng.choice(list(possible), size=int(rng.integers(1, 4)), replace=False)]
    # What looks at the cells of a column comes before the column is gone.
    for name in sorted(happened, key=list(possible).index):
        possible[name](rng, extract)
    return extract, happened


def look_at(extract: Extract, path: Path, about: str) -> None:
    """Take the file in, and hold what comes of it against the slow account."""
    taken = taken_in(path)
    if isinstance(taken, DeliveryError):
        assert extract.is_refused or extract.is_in_doubt, f"{about}: {taken}"
        texts = {text.strip() for row in extract.rows for text in row.values() if len(text.strip()) > 4}
        assert not [text for text in texts if text in str(taken)], about
        assert taken.exit_code == 11
        assert "bug" not in str(taken)
        return
    delivery, aside, n_staged = taken
    assert not extract.is_refused, about
    assert delivery.n_delivered == len(extract.rows), about
    assert delivery.n_quarantined == len(aside) == sum(delivery.rules.values()), about
    assert n_staged == delivery.n_staged == len(extract.rows) - len(aside), about
    assert aside == set_aside(extract) or extract.is_in_doubt, about


def taken_in(path: Path) -> tuple[Delivery, list[int], int] | DeliveryError:
    """Return the delivery, the rows that were set aside and how many are staged; or why it was refused."""
    with open_warehouse(threads=1) as warehouse:
        try:
            delivery = ingest(warehouse, [ExtractSpec(layout="tilbud", path=(path.name,))], root=path.parent)[0]
        except DeliveryError as error:
            return error
        aside = warehouse.fetch("SELECT row_number FROM quarantine.row ORDER BY row_number")["row_number"].to_list()
        return delivery, aside, warehouse.count("staging.tilbud")


def test_every_kind_of_mutation_comes_in_every_format_that_can_have_it() -> None:
    seen = {(name, extract.suffix) for extract, happened in map(mutated, range(500)) for name in happened}
    assert seen == {(name, suffix) for suffix, possible in MUTATIONS.items() for name in possible}
