"""Speed of the models from staging to the cohort and its outcomes, and how it grows with the number of persons.

Run ``python benchmarks/cohorts.py [--persons 50000 100000 200000] [--repeats 3] [--write benchmarks/cohorts.md]``. The
registers are synthetic (scenario haandholdt_inklusion, 2014 to mid-2023), made once in ``--folder`` and taken in once a
size; then all core and analysis models that a study needs are built anew on two threads, and the median is told.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from evalkit.registers import ingest, staging_fingerprint
from evalkit.shipped import shipped
from evalkit.study import Study, load_study
from evalkit.study_models import delivered_models, parameters
from evalkit.synthetic import load_scenario, write_extracts
from evalkit.warehouse import Model, Warehouse, build, load_models, open_warehouse

SCENARIO = "haandholdt_inklusion"
LIMIT_SECONDS = 30


def make_registers(folder: Path, n_persons: int) -> Study:
    """Write the registers of so many persons, unless they are there, and return the shipped study of them."""
    if not (folder / "truth.json").is_file():
        write_extracts(folder / "extracts", load_scenario(SCENARIO), n_persons=n_persons, seed=1)
        text = (shipped("reports") / SCENARIO / "study.toml").read_text(encoding="utf-8")
        (folder / "study.toml").write_text(text, encoding="utf-8")
    return load_study(folder / "study.toml")


def buildable(models: tuple[Model, ...], readable: set[str]) -> tuple[Model, ...]:
    """Keep the models that read only what is there, in their order."""
    kept = []
    for model in models:
        if set(model.reads) <= readable:
            kept.append(model)
            readable.add(model.name)
    return tuple(kept)


def build_once(warehouse: Warehouse, models: tuple[Model, ...], study: Study, tables: list[str]) -> dict[str, float]:
    """Build all models anew and return seconds by model."""
    for schema in ("analysis", "core"):
        warehouse.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        warehouse.execute(f"CREATE SCHEMA {schema}")
    warehouse.execute("DROP TABLE IF EXISTS meta.model")
    begun: list[tuple[str, float]] = []
    build(
        warehouse,
        models,
        parameters=parameters(study),
        sources={table: staging_fingerprint(table) for table in tables},
        progress=lambda name: begun.append((name, time.perf_counter())),
    )
    ends = [*(start for _, start in begun[1:]), time.perf_counter()]
    return {name: end - start for (name, start), end in zip(begun, ends, strict=True)}


def measure(folder: Path, n_persons: int, repeats: int) -> tuple[dict[str, float], dict[str, int]]:
    """Return the median seconds by model, and the rows of a few tables."""
    study = make_registers(folder, n_persons)
    with open_warehouse(folder / "warehouse.duckdb", threads=2) as warehouse:
        definition = study.definition
        deliveries = ingest(warehouse, definition.extracts, root=study.folder, vintage=definition.vintage)
        tables = [table for one in deliveries for table in one.tables]
        models = delivered_models(load_models(shipped("sql")), {*tables, "analysis.cohort"})
        needed = buildable(models, set(tables))
        runs = [build_once(warehouse, needed, study, tables) for _ in range(repeats)]
        counts = {
            name: warehouse.count(name) for name in ("core.custody_spell", "core.custody_stay", "analysis.cohort")
        }
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}, counts


def table(results: dict[int, tuple[dict[str, float], dict[str, int]]]) -> str:
    """Make the table of all sizes, and of the slowest models at the largest."""
    lines = [
        "| persons | spells | stays | in the study | core, s | analysis, s | all, s | s per 100,000 persons |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for n_persons, (seconds, counts) in results.items():
        core = sum(value for name, value in seconds.items() if name.startswith("core."))
        total = sum(seconds.values())
        rows = " | ".join(f"{count:,}" for count in counts.values())
        times = " | ".join(f"{value:.1f}" for value in (core, total - core, total, total / n_persons * 1e5))
        lines.append(f"| {n_persons:,} | {rows} | {times} |")
    largest = results[max(results)][0]
    slowest = sorted(largest.items(), key=lambda item: -item[1])[:8]
    lines += [
        "",
        f"Slowest at {max(results):,} persons: " + ", ".join(f"`{name}` {s:.1f} s" for name, s in slowest) + ".",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure all sizes and tell whether the largest is fast enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, nargs="+", default=[50_000, 100_000, 200_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "evalkit-benchmark-cohorts")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    results = {}
    for n_persons in asked.persons:
        results[n_persons] = measure(asked.folder / str(n_persons), n_persons, asked.repeats)
        print(f"{n_persons:,} persons: {sum(results[n_persons][0].values()):.1f} s")
    text = table(results)
    print(text)
    if asked.write:
        asked.write.write_text(f"# Speed of cohorts\n\n{__doc__.strip()}\n\n{text}\n", encoding="utf-8")
    seconds = sum(results[max(results)][0].values())
    if seconds > LIMIT_SECONDS:
        raise SystemExit(f"{max(results):,} persons took {seconds:.1f} s, more than {LIMIT_SECONDS}.")


if __name__ == "__main__":
    main()
