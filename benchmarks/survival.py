"""Speed of evalkit.survival against its peers: the same data, median of several runs, ratios.

Run ``python benchmarks/survival.py [--persons 1000000] [--repeats 5] [--write benchmarks/survival.md]``. Peers that are
not installed are left out: lifelines, scikit-survival, PyPI ``survival`` (R's, in Rust), and R itself, timed inside R.
lifelines breaks ties of competing events by random noise: its cumulative incidence is no correct peer and is not timed.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.survival import aalen_johansen, cox, kaplan_meier, log_rank

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, eq=False)
class People:
    """Two arms followed for two years of days, with death competing and four covariates."""

    time: npt.NDArray[np.int64]
    event: npt.NDArray[np.int64]
    arm: npt.NDArray[np.int64]
    x: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    cluster: npt.NDArray[np.int64]


Work = Callable[[People], object]


def people(n: int) -> People:
    """Draw people whose reoffending hazard depends on arm and covariates."""
    generator = np.random.default_rng(1)
    arm, x = generator.integers(0, 2, n), generator.normal(size=(n, 4))
    x[:, 0] = arm
    relapse = generator.exponential(900, n) * np.exp(-x @ [-0.2, 0.3, -0.1, 0.1])
    death, emigration = generator.exponential(20_000, n), generator.uniform(200, 3000, n)
    first = np.minimum(np.minimum(relapse, death), np.minimum(emigration, 730))
    event = np.where(first == relapse, 1, np.where(first == death, 2, 0))
    days = np.ceil(first).astype(np.int64)
    return People(days, event, arm, x, generator.uniform(0.5, 2, n), generator.integers(0, max(n // 20, 2), n))


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """Time a call several times."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def group_by(p: People) -> object:
    """Count the same columns with a bare Polars group-by."""
    return pl.DataFrame({"arm": p.arm, "time": p.time, "event": p.event}).group_by("arm", "time", "event").len()


def lifelines_kaplan_meier(p: People) -> object:
    """Fit a curve an arm."""
    from lifelines import KaplanMeierFitter  # noqa: PLC0415 - an optional peer

    return [KaplanMeierFitter().fit(p.time[p.arm == arm], p.event[p.arm == arm] > 0) for arm in (0, 1)]


def lifelines_log_rank(p: People) -> object:
    """Test the two arms."""
    from lifelines.statistics import logrank_test  # noqa: PLC0415 - an optional peer

    one, two = p.arm == 0, p.arm == 1
    return logrank_test(p.time[one], p.time[two], p.event[one] > 0, p.event[two] > 0)


def lifelines_cox(p: People, *, clustered: bool = False) -> object:
    """Fit the four covariates."""
    import pandas as pd  # noqa: PLC0415 - an optional peer
    from lifelines import CoxPHFitter  # noqa: PLC0415 - an optional peer

    frame = pd.DataFrame(p.x, columns=list("abcd")).assign(time=p.time, event=p.event == 1)
    options: dict[str, Any] = {}
    if clustered:
        frame = frame.assign(weight=p.weight, cluster=p.cluster)
        options = {"weights_col": "weight", "cluster_col": "cluster", "robust": True}
    return CoxPHFitter().fit(frame, "time", "event", **options)


def sksurv_cumulative_incidence(p: People) -> object:
    """Estimate the incidence of both causes an arm, with variance."""
    fit = importlib.import_module("sksurv.nonparametric").cumulative_incidence_competing_risks

    return [fit(p.event[p.arm == arm], p.time[p.arm == arm], conf_type="log-log") for arm in (0, 1)]


def sksurv_kaplan_meier(p: People) -> object:
    """Fit a curve an arm."""
    fit = importlib.import_module("sksurv.nonparametric").kaplan_meier_estimator

    return [fit(p.event[p.arm == arm] > 0, p.time[p.arm == arm], conf_type="log-log") for arm in (0, 1)]


@cache
def rust() -> Any:  # noqa: ANN401 - it may not be installed
    """Import PyPI's ``survival``, whose name this script has too."""
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != HERE]
    return importlib.import_module("survival")


@cache
def rust_frame(p: People) -> Any:  # noqa: ANN401 - pandas has no types here
    """Make the data frame once, outside the timing."""
    import pandas as pd  # noqa: PLC0415 - an optional peer

    columns = {"time": p.time, "cause": p.event, "any": p.event > 0, "first": p.event == 1, "arm": p.arm}
    columns |= {"weight": p.weight, "cluster": p.cluster}
    return pd.DataFrame(p.x, columns=list("abcd")).assign(**columns).astype({"any": int, "first": int})


def in_rust(function: str, formula: str, **options: str) -> Work:
    """Run a function of PyPI's ``survival``."""
    return lambda p: getattr(rust(), function)(formula, rust_frame(p), **options)


@dataclass(frozen=True)
class InR:
    """An expression of R, timed by R on the same data."""

    expression: str

    def seconds(self, p: People) -> float:
        """Write the data, run R, and read the time off."""
        frame = rust_frame(p)
        names = ", ".join(f"'{name}'" for name in frame.columns)
        program = (
            f"suppressMessages(library(survival)); raw <- readBin(commandArgs(TRUE)[1], 'double', {frame.size}); "
            f"d <- setNames(as.data.frame(matrix(raw, ncol = {frame.shape[1]})), c({names})); "
            f"cat(system.time({self.expression})[['elapsed']])"
        )
        executable = shutil.which("Rscript")
        if executable is None:
            raise ImportError("R")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "columns.bin"
            path.write_bytes(frame.to_numpy(dtype=np.float64).tobytes(order="F"))
            command = [executable, "-e", program, str(path)]
            return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


Peer = Work | InR
GROWTH = "ten times the persons"
CURVES, COX = "Surv(time, any) ~ arm", "Surv(time, first) ~ a + b + c + d"
TASKS: dict[str, tuple[Work, dict[str, Peer]]] = {
    "Kaplan-Meier, two arms": (
        lambda p: kaplan_meier(p.time, p.event, group=p.arm),
        {
            "polars group-by": group_by,
            "lifelines": lifelines_kaplan_meier,
            "scikit-survival": sksurv_kaplan_meier,
            "PyPI survival": in_rust("survfit", CURVES),
            "R": InR(f"survfit({CURVES}, data = d)"),
        },
    ),
    "log-rank": (
        lambda p: log_rank(p.time, p.event, group=p.arm),
        {
            "lifelines": lifelines_log_rank,
            "PyPI survival": in_rust("survdiff", CURVES),
            "R": InR(f"survdiff({CURVES}, data = d)"),
        },
    ),
    "Aalen-Johansen with variance": (
        lambda p: aalen_johansen(p.time, p.event, group=p.arm),
        {
            "scikit-survival": sksurv_cumulative_incidence,
            "PyPI survival": in_rust("survfit", "Surv(time, cause, type='mstate') ~ arm"),
            "R": InR("survfit(Surv(time, factor(cause)) ~ arm, data = d)"),
        },
    ),
    "Cox, four covariates": (
        lambda p: cox(p.time, p.event == 1, p.x, list("abcd")),
        {"lifelines": lifelines_cox, "PyPI survival": in_rust("coxph", COX), "R": InR(f"coxph({COX}, data = d)")},
    ),
}
CLUSTERED: tuple[Work, dict[str, Peer]] = (
    lambda p: cox(p.time, p.event == 1, p.x, list("abcd"), sampling_weight=p.weight, cluster=p.cluster),
    {
        "lifelines": lambda p: lifelines_cox(p, clustered=True),
        "PyPI survival": in_rust("coxph", f"{COX} + cluster(cluster)", weights="weight"),
        "R": InR(f"coxph({COX}, data = d, weights = weight, cluster = cluster)"),
    },
)


def peer_seconds(peer: Peer, p: People, repeats: int) -> float:
    """Time a peer; R times itself."""
    if isinstance(peer, InR):
        return statistics.median(peer.seconds(p) for _ in range(repeats))
    return median_seconds(lambda: peer(p), repeats)


def compare(name: str, task: tuple[Work, dict[str, Peer]], p: People, repeats: int) -> list[dict[str, object]]:
    """Time one task here and at its peers."""
    ours, peers = task
    seconds = median_seconds(lambda: ours(p), repeats)
    rows: list[dict[str, object]] = [{"task": name, "who": "evalkit", "seconds": seconds, "ratio": 1.0}]
    for peer, work in peers.items():
        try:
            peer_seconds(work, people(2_000), 1)  # imports are not timed, nor is the peer's data frame
            rust_frame(p)
            first = peer_seconds(work, p, 1)
            theirs = first if first > 3 else peer_seconds(work, p, min(repeats, 3))
        except ImportError:
            continue
        rows.append({"task": name, "who": peer, "seconds": theirs, "ratio": theirs / seconds})
        print(f"{name}: {peer} {theirs:.3f} s", file=sys.stderr)
    return rows


def measure(options: argparse.Namespace) -> list[dict[str, object]]:
    """Time every task, or those that were asked for."""
    p, tenth = people(options.persons), people(options.persons // 10)
    tasks = [(name, task, p) for name, task in TASKS.items()]
    tasks.append((f"Cox, weights and clusters, {tenth.time.size:,} persons", CLUSTERED, tenth))
    chosen = [task for task in tasks if options.only in task[0]]
    rows = [row for name, task, who in chosen for row in compare(name, task, who, options.repeats)]
    if options.only in GROWTH:
        ten = people(10 * options.persons)
        for name, (ours, _) in TASKS.items():
            one, all_ten = (median_seconds(lambda ours=ours, q=q: ours(q), 3) for q in (p, ten))  # type: ignore[misc]  # bound now
            rows.append({"task": f"{name}, {GROWTH}", "who": "evalkit", "seconds": all_ten, "ratio": all_ten / one})
    return rows


def as_markdown(rows: list[dict[str, object]], heading: str) -> str:
    """Write the rows as a table for reading."""
    lines = ["# Speed of evalkit.survival", "", heading, "", "| task | who | seconds | ratio |", "|---|---|---:|---:|"]
    lines += [f"| {row['task']} | {row['who']} | {row['seconds']:.4f} | {row['ratio']:.1f} |" for row in rows]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="tasks with this in their name")
    parser.add_argument("--write", type=Path, help="write the table to this file too")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    heading = (
        f"{options.persons:,} persons, two arms, two years of days; the same data, median of "
        f"{options.repeats} runs (peers: {min(options.repeats, 3)}). Ratio = the peer's time / evalkit's. "
        "With ten times the persons: ten times as many seconds would be linear. "
        "Absolute seconds depend on the machine; peers that were not installed are missing. "
        "R runs and times itself; who takes over 3 s runs once."
    )
    text = as_markdown(measure(options), heading)
    print(text)
    if options.write is not None:
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
