"""Speed of the ingest against bare reading: the same files, whole runs in turn, medians, ratios.

Run ``python benchmarks/ingest.py [--scale 1.0] [--repeats 3] [--only NAME] [--write benchmarks/ingest.md]``. Files are
made once in ``--folder`` and kept there. Scale 1 is 100,000 persons with 520 weeks of DREAM (200 MB), 10 million
decisions of KRAF, a million decisions as a Stata file, and DREAM of three and ten times as many persons for the growth
of time and memory; every run starts with an empty warehouse. ``--sas`` names a SAS file to be read, such as the program
``readstat`` makes of the Stata file.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyreadstat

from evalkit.registers import ExtractSpec, ingest, load_contract
from evalkit.registers.files.extract_file import open_extract
from evalkit.shipped import shipped
from evalkit.warehouse import open_warehouse

FIRST_WEEK = date(2010, 1, 4)


def make_dream(path: Path, n_persons: int, n_weeks: int = 520) -> None:
    """Write DREAM: one row a person, a column a week, runs of benefits with blanks between them."""
    generator = np.random.default_rng(1)
    codes = np.array([0, 111, 130, 140, 651, 730, 783, 890])  # 0 becomes blank
    weeks = [(FIRST_WEEK + timedelta(weeks=week)).isocalendar() for week in range(n_weeks)]
    names = [f"Y_{year % 100:02d}{week:02d}" for year, week, _ in weeks]
    with path.open("wb") as file:
        for first in range(0, n_persons, 20_000):
            n = min(20_000, n_persons - first)
            starts = generator.random((n, n_weeks)) < 1 / 26
            run = np.cumsum(starts, axis=1) + np.arange(n)[:, None] * (n_weeks + 1)
            cell = codes[generator.integers(0, codes.size, run.max() + 1)][run]
            cells = {name: pl.Series(cell[:, j]).replace(0, None) for j, name in enumerate(names)}
            frame = pl.DataFrame({"PNR": [f"p{first + i:015x}" for i in range(n)], **cells})
            frame.write_csv(file, include_header=first == 0)


def make_kraf(path: Path, n_rows: int) -> None:
    """Write KRAF: one row a decision."""
    generator = np.random.default_rng(2)
    decisions, offences = np.array(["1", "2", "4", "5", "11", "21", "83"]), np.array([1210, 1320, 1390, 2234, 3210])
    with path.open("wb") as file:
        for first in range(0, n_rows, 500_000):
            n = min(500_000, n_rows - first)
            day = pl.Series(np.datetime64("2000-01-01") + generator.integers(0, 9000, n).astype("timedelta64[D]"))
            code = generator.choice(offences, n)
            unsuspended = np.where(generator.random(n) < 0.8, 9000, generator.integers(1, 2000, n))
            pl.DataFrame(
                {
                    "PNR": pl.Series(generator.integers(0, max(n_rows // 5, 1), n)).map_elements(
                        lambda i: f"p{i:015x}", return_dtype=pl.String
                    ),
                    "JOURNR": [f"J{first + i:012d}" for i in range(n)],
                    "AFG_AFGOEDTO": day.cast(pl.Date).cast(pl.String),
                    "AFG_AFGTYPKO": generator.choice(decisions, n),
                    "AFG_GER7": pl.Series(code * 1000 + 123).cast(pl.String),
                    "AFG_GER9": pl.Series(code * 100_000 + 12345).cast(pl.String),
                    "AFG_UBSTRFLG": unsuspended,
                    "AFG_BSTRFLGD": np.full(n, 9000),
                    "AFG_BOEDEBLB": generator.integers(0, 5000, n),
                    "AFG_ANKEDTO": pl.Series(["1599-12-31"]).new_from_index(0, n),
                    "AFG_INRMARK": generator.choice(np.array(["1", "1", "1", "1", "0"]), n),
                }
            ).write_csv(file, include_header=first == 0)


def ours(layout: str, path: Path, *, spells: bool = False) -> Callable[[Path], object]:
    """Take a register in, with all its rules; with `spells`, build ``core.benefit_spell`` too."""

    def work(folder: Path) -> object:
        with open_warehouse(folder / "w.duckdb") as warehouse:
            taken = ingest(warehouse, [ExtractSpec(layout=layout, path=str(path))], root=folder)
            if spells:
                sql = (shipped("sql") / "core" / "benefit_spell.sql").read_text(encoding="utf-8")
                warehouse.execute(f"CREATE TABLE core.benefit_spell AS {sql}")
            return taken

    return work


def polars_text(path: Path) -> Callable[[Path], object]:
    """Read a CSV with Polars, every column as text."""
    return lambda _: pl.read_csv(path, infer_schema=False)


def duckdb_text(path: Path) -> Callable[[Path], object]:
    """Bring a CSV into a DuckDB file as text, and no more."""

    def work(folder: Path) -> object:
        with duckdb.connect(str(folder / "bare.duckdb")) as connection:  # noqa: TID251 - the peer
            return connection.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}', all_varchar = true)")  # noqa: S608

    return work


def duckdb_unpivot(path: Path) -> Callable[[Path], object]:
    """Make spells of DREAM by UNPIVOT and a window function."""
    sql = f"""
        CREATE TABLE spell AS
        WITH wide AS (SELECT * FROM read_csv('{path}', all_varchar = true)),
        long AS (UNPIVOT wide ON COLUMNS('^Y_') INTO NAME week VALUE code),
        dated AS (
            SELECT PNR, code, strptime('20' || week[3:4] || '-' || week[5:6] || '-1', '%G-%V-%u') AS monday FROM long
        ),
        numbered AS (
            SELECT *, row_number() OVER (PARTITION BY PNR, code ORDER BY monday) AS nth FROM dated
        ),
        placed AS (SELECT *, monday - 7 * to_days(CAST(nth AS INTEGER)) AS run FROM numbered)
        SELECT PNR, code, min(monday) AS start_date, max(monday) AS last_week FROM placed GROUP BY PNR, code, run
    """  # noqa: S608 - a path of our own

    def work(folder: Path) -> object:
        with duckdb.connect(str(folder / "bare.duckdb")) as connection:  # noqa: TID251 - the peer
            return connection.execute(sql)

    return work


def seconds(work: Callable[[Path], object], repeats: int) -> float:
    """Time a call several times, each in an empty folder."""
    taken = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            work(Path(folder))
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def second_run(layout: str, path: Path) -> float:
    """Time a run that finds nothing new, as a whole process."""
    program = (
        "import sys; from pathlib import Path; from evalkit.registers import ExtractSpec, ingest; "
        "from evalkit.warehouse import open_warehouse\n"
        "with open_warehouse(Path(sys.argv[1]) / 'w.duckdb') as w: "
        "ingest(w, [ExtractSpec(layout=sys.argv[2], path=sys.argv[3])], root=Path(sys.argv[1]))"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", program, folder, layout, str(path)]
        subprocess.run(command, check=True)
        start = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - start


def growth(path: Path) -> tuple[float, float]:
    """Take DREAM in as far as benefit spells, as a process of its own: seconds, and the most memory in GB."""
    program = (
        "import sys, time; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import ingest\n"
        "start = time.perf_counter(); ingest.ours('dream', Path(sys.argv[2]), spells=True)(Path(sys.argv[3]))\n"
        "taken, status = time.perf_counter() - start, Path('/proc/self/status').read_text()\n"
        "print(taken, int(status.split('VmHWM:')[1].split()[0]) / 1024**2)"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", program, str(Path(__file__).parent), str(path), folder]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[0]), float(said[1])


def make_stata(path: Path, n_rows: int) -> None:
    """Write KRAF as a Stata file, with dates as Stata has them."""
    text = path.with_suffix(".csv")
    make_kraf(text, n_rows)
    dates, numbers = ["AFG_AFGOEDTO", "AFG_ANKEDTO"], ["AFG_UBSTRFLG", "AFG_BSTRFLGD", "AFG_BOEDEBLB"]
    frame = pl.read_csv(text, infer_schema=False)
    frame = frame.with_columns(pl.col(dates).str.to_date(), pl.col(numbers).cast(pl.Int32))
    pyreadstat.write_dta(frame, path)
    text.unlink()


def our_pieces(path: Path) -> Callable[[Path], object]:
    """Read a statistical file's rows as the ingest does, and no more."""

    def work(_: Path) -> object:
        file = open_extract(path, "kraf", [], load_contract("kraf"))
        return sum(piece.rows.height for piece in file.pieces({name: i for i, name in enumerate(file.names)}))

    return work


def library_rows(path: Path) -> Callable[[Path], object]:
    """Read a statistical file with pyreadstat, the reader library, as it comes."""
    read = {".dta": pyreadstat.read_dta, ".sas7bdat": pyreadstat.read_sas7bdat}[path.suffix]
    return lambda _: read(path, output_format="polars")


Row = tuple[str, str, float, float]


def compare(
    task: str, work: Callable[[Path], object], peers: dict[str, Callable[[Path], object]], repeats: int
) -> list[Row]:
    """Time one task here and at its peers."""
    taken = {"evalkit": seconds(work, repeats)}
    taken |= {name: seconds(peer, repeats) for name, peer in peers.items()}
    rows = [(task, who, value, taken["evalkit"] / value) for who, value in taken.items()]
    print(*rows, sep="\n", file=sys.stderr)
    return rows


def measure(options: argparse.Namespace) -> list[Row]:
    """Time every task, or those that were asked for."""
    rows: list[Row] = []
    folder, scale, repeats = options.folder, options.scale, options.repeats
    if options.only in "dream":
        dream = made(folder / f"dream-{scale:g}.csv", make_dream, round(100_000 * scale))
        peers = {"polars, text": polars_text(dream), "duckdb, unpivot and window": duckdb_unpivot(dream)}
        rows += compare("DREAM to benefit spells", ours("dream", dream, spells=True), peers, repeats)
        rows.append(("DREAM, second run, whole process", "evalkit", second_run("dream", dream), 1.0))
    if options.only in "kraf":
        kraf = made(folder / f"kraf-{scale:g}.csv", make_kraf, round(10_000_000 * scale))
        peers = {"duckdb, text table": duckdb_text(kraf)}
        rows += compare("KRAF with all its rules", ours("kraf", kraf), peers, repeats)
        rows.append(("KRAF, second run, whole process", "evalkit", second_run("kraf", kraf), 1.0))
    if options.only in "statistical":
        rows += measure_statistical(folder, options)
    if options.only in "growth":
        rows += measure_growth(folder, scale)
    return rows


def measure_growth(folder: Path, scale: float) -> list[Row]:
    """Time DREAM of one, three and ten times the persons; the ratio is to the first, divided by the persons."""
    rows: list[Row] = []
    for times in (1, 3, 10):
        path, n = folder / f"dream-{times * scale:g}.csv", round(100_000 * times * scale)
        made(path, make_dream, n)
        taken, memory = growth(path)
        first = rows[0][2] if rows else taken
        rows.append((f"DREAM, {n:,} persons", f"evalkit, {memory:.1f} GB at the most", taken, taken / first / times))
    return rows


def measure_statistical(folder: Path, options: argparse.Namespace) -> list[Row]:
    """Time the reading of Stata and SAS files, cells as text, against pyreadstat's reading them as they are."""
    stata = folder / f"kraf-{options.scale:g}.dta"
    made(stata, make_stata, round(1_000_000 * options.scale))
    rows = []
    for path in (stata, *([options.sas] if options.sas else [])):
        task = f"{path.suffix[1:]}, {path.stat().st_size / 1e6:,.0f} MB, rows read"
        rows += compare(task, our_pieces(path), {"pyreadstat": library_rows(path)}, options.repeats)
    return rows


def made(path: Path, make: Callable[[Path, int], None], n: int) -> Path:
    """Make a file that is not there yet."""
    if not path.exists():
        make(path, n)
    return path


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="dream, kraf, growth or statistical")
    parser.add_argument("--sas", type=Path, help="a SAS file, such as 'readstat kraf-1.dta kraf.sas7bdat' makes")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "evalkit-ingest-benchmark")
    parser.add_argument("--write", type=Path, help="write the table to this file too")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    text = as_markdown(measure(options), options.repeats)
    print(text)
    if options.write is not None:
        options.write.write_text(text, encoding="utf-8")


def as_markdown(rows: list[Row], repeats: int) -> str:
    """Write the rows as a table for reading."""
    heading = (
        f"Median of {repeats} runs, each into an empty warehouse; growth is one run a size, each a process of its own. "
        "Ratio = evalkit's time / the peer's; for growth, the time of a person against the first row. "
        "Absolute seconds depend on the machine."
    )
    lines = ["# Speed of the ingest", "", heading, "", "| task | who | seconds | ratio |", "|---|---|---:|---:|"]
    lines += [f"| {task} | {who} | {value:.2f} | {ratio:.2f} |" for task, who, value, ratio in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
