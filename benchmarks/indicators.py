"""Speed of all indicators from facts to results, and how it grows with the number of persons.

Run ``python benchmarks/indicators.py [--persons 50000 100000 200000] [--repeats 3] [--write FILE.md]``. The registers
are synthetic (scenario haandholdt_inklusion, 2014 to mid-2023), made once in ``--folder`` and taken in
once a size. The study is the pilot's, with every measure of states, evidence of plans and two groupings besides. The
facts of ``core`` and the cohort are built; then every model after them and every result is made anew on two threads,
reoffending and its ten definitions too, and the median is told.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from evalkit.evaluation import compute
from evalkit.registers import ingest, staging_fingerprint
from evalkit.shipped import shipped
from evalkit.study import Study, load_study
from evalkit.study_models import needed_models, parameters
from evalkit.synthetic import load_scenario, write_extracts
from evalkit.warehouse import Model, build, open_warehouse

SCENARIO = "haandholdt_inklusion"
LIMIT_SECONDS = 20
MEASURES = '["work_start", "retention", "working_year", "self_support", "time_in_state", "state_weeks", "transitions"]'


def make_study(folder: Path, n_persons: int) -> Study:
    """Write the registers of so many persons, unless they are there, and a study that asks for every indicator."""
    if not (folder / "truth.json").is_file():
        write_extracts(folder / "extracts", load_scenario(SCENARIO), n_persons=n_persons, seed=1)
    text = (shipped("reports") / SCENARIO / "study.toml").read_text(encoding="utf-8")
    text = text.replace("[status]\n", f"[status]\nmeasures = {MEASURES}\n")
    text = text.replace("[continuity]\n", "[continuity]\nevidence = true\n")
    text = text.replace("synthetic = false", 'synthetic = true\ngroups = ["release_type", "age"]')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return load_study(folder / "study.toml")


def after_the_cohort(models: tuple[Model, ...]) -> set[str]:
    """Name the models that are not facts and that the cohort is not made of."""
    of_cohort = {"analysis.cohort"}
    for model in reversed(models):
        if model.name in of_cohort:
            of_cohort.update(model.reads)
    return {model.name for model in models if model.name not in of_cohort and not model.name.startswith("core.")}


def measure(folder: Path, n_persons: int, repeats: int) -> tuple[int, float, float, dict[str, float]]:
    """Return the persons in the study, and median seconds of models and of results, and those of each model."""
    study = make_study(folder, n_persons)
    with open_warehouse(folder / "warehouse.duckdb", threads=2) as warehouse:
        definition = study.definition
        deliveries = ingest(warehouse, definition.extracts, root=study.folder, vintage=definition.vintage)
        sources = {table: staging_fingerprint(table) for one in deliveries for table in one.tables}
        models = needed_models(study, sources)
        counted = after_the_cohort(models)
        runs: list[tuple[dict[str, float], float]] = []
        for _ in range(repeats + 1):
            begun: list[tuple[str, float]] = []
            runs_of = build(
                warehouse,
                models,
                parameters=parameters(study),
                sources=sources,
                progress=lambda name, begun=begun: begun.append((name, time.perf_counter())),
            )
            ends = [*(start for _, start in begun[1:]), time.perf_counter()]
            seconds = {name: end - start for (name, start), end in zip(begun, ends, strict=True) if name in counted}
            start = time.perf_counter()
            compute(study, warehouse, runs_of)
            runs.append((seconds, time.perf_counter() - start))
            for name in counted:
                warehouse.execute(f"DROP TABLE IF EXISTS {name}")
                warehouse.execute("DELETE FROM meta.model WHERE name = $name", {"name": name})
        n_followed = warehouse.count("analysis.cohort")
    kept = runs[1:]  # the first also builds the facts, which then lie warm
    by_model = {name: statistics.median(run[name] for run, _ in kept) for name in kept[0][0]}
    in_models = statistics.median(sum(run.values()) for run, _ in kept)
    return n_followed, in_models, statistics.median(rest for _, rest in kept), by_model


def main() -> None:
    """Measure all sizes and tell whether the largest is fast enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, nargs="+", default=[50_000, 100_000, 200_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "evalkit-benchmark-cohorts")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    lines = [
        "| persons | in the study | models, s | results, s | all, s | s per 100,000 persons |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    slowest, total = "", 0.0
    for n_persons in asked.persons:
        n_followed, models, results, by_model = measure(asked.folder / str(n_persons), n_persons, asked.repeats)
        total = models + results
        times = " | ".join(f"{value:.1f}" for value in (models, results, total, total / n_persons * 1e5))
        lines.append(f"| {n_persons:,} | {n_followed:,} | {times} |")
        print(lines[-1])
        first = sorted(by_model.items(), key=lambda item: -item[1])[:8]
        slowest = f"Slowest at {n_persons:,} persons: " + ", ".join(f"`{name}` {s:.1f} s" for name, s in first) + "."
    text = "\n".join([*lines, "", slowest])
    print(slowest)
    if asked.write:
        asked.write.write_text(f"# Speed of indicators\n\n{__doc__.strip()}\n\n{text}\n", encoding="utf-8")
    if total > LIMIT_SECONDS:
        raise SystemExit(f"{max(asked.persons):,} persons took {total:.1f} s, more than {LIMIT_SECONDS}.")


if __name__ == "__main__":
    main()
