"""Speed of evalkit.survival against its peers: one process, the same data, median of several runs, ratios.

Run ``python benchmarks/survival.py [--persons 1000000] [--repeats 5]``. Peers that are not installed are left out.
lifelines breaks ties of competing events by random noise: its cumulative incidence is no correct peer and is not timed.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.survival import aalen_johansen, cox, kaplan_meier, log_rank


@dataclass(frozen=True)
class People:
    """Two arms followed for two years of days, with death competing and four covariates."""

    time: npt.NDArray[np.int64]
    event: npt.NDArray[np.int64]
    arm: npt.NDArray[np.int64]
    x: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    cluster: npt.NDArray[np.int64]


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
    from sksurv.nonparametric import cumulative_incidence_competing_risks  # noqa: PLC0415 - an optional peer

    return [
        cumulative_incidence_competing_risks(p.event[p.arm == arm], p.time[p.arm == arm], conf_type="log-log")
        for arm in (0, 1)
    ]


def sksurv_kaplan_meier(p: People) -> object:
    """Fit a curve an arm."""
    from sksurv.nonparametric import kaplan_meier_estimator  # noqa: PLC0415 - an optional peer

    return [
        kaplan_meier_estimator(p.event[p.arm == arm] > 0, p.time[p.arm == arm], conf_type="log-log") for arm in (0, 1)
    ]


Work = Callable[[People], object]
TASKS: dict[str, tuple[Work, dict[str, Work]]] = {
    "Kaplan-Meier, two arms": (
        lambda p: kaplan_meier(p.time, p.event, group=p.arm),
        {"polars group-by": group_by, "lifelines": lifelines_kaplan_meier, "scikit-survival": sksurv_kaplan_meier},
    ),
    "log-rank": (lambda p: log_rank(p.time, p.event, group=p.arm), {"lifelines": lifelines_log_rank}),
    "Aalen-Johansen with variance": (
        lambda p: aalen_johansen(p.time, p.event, group=p.arm),
        {"scikit-survival": sksurv_cumulative_incidence},
    ),
    "Cox, four covariates": (lambda p: cox(p.time, p.event == 1, p.x, list("abcd")), {"lifelines": lifelines_cox}),
}
CLUSTERED: tuple[Work, dict[str, Work]] = (
    lambda p: cox(p.time, p.event == 1, p.x, list("abcd"), sampling_weight=p.weight, cluster=p.cluster),
    {"lifelines": lambda p: lifelines_cox(p, clustered=True)},
)


def compare(name: str, task: tuple[Work, dict[str, Work]], p: People, repeats: int) -> list[dict[str, object]]:
    """Time one task here and at its peers."""
    ours, peers = task
    seconds = median_seconds(lambda: ours(p), repeats)
    rows: list[dict[str, object]] = [{"task": name, "who": "evalkit", "seconds": seconds, "ratio": 1.0}]
    for peer, work in peers.items():
        try:
            theirs = median_seconds(lambda work=work: work(p), min(repeats, 3))  # type: ignore[misc]  # bound now
        except ImportError:
            continue
        rows.append({"task": name, "who": peer, "seconds": theirs, "ratio": theirs / seconds})
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--clustered-persons", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    p, few = people(options.persons), people(options.clustered_persons)
    rows = [row for name, task in TASKS.items() for row in compare(name, task, p, options.repeats)]
    name = f"Cox, weights and clusters, {options.clustered_persons:,} persons"
    rows += compare(name, CLUSTERED, few, options.repeats)
    ten = people(10 * options.persons)
    for label, task in list(TASKS.items())[:3]:
        seconds = median_seconds(lambda task=task: task[0](ten), 2)  # type: ignore[misc]  # bound now
        rows.append({"task": f"{label}, ten times the persons", "who": "evalkit", "seconds": seconds, "ratio": None})
    with pl.Config(tbl_rows=-1, fmt_str_lengths=60, tbl_hide_column_data_types=True, float_precision=4):
        print(f"{options.persons:,} persons; ratio = peer's time / evalkit's")
        print(pl.DataFrame(rows))


if __name__ == "__main__":
    main()
