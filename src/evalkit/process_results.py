"""What was done by the day of release, and the tables beside it that a programme's indicators name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from evalkit.errors import DefinitionError
from evalkit.indicators.case_open_days import case_open_days
from evalkit.indicators.contact_rate import contact_rate
from evalkit.indicators.kvp_exit import kvp_exit
from evalkit.indicators.municipality_release import municipality_release
from evalkit.indicators.plan_agreement import plan_agreement
from evalkit.indicators.process import PROCESS_MEASURES, process
from evalkit.results import Provenance, Result
from evalkit.study import Study
from evalkit.warehouse import Warehouse

__all__ = ["process_results", "process_targets"]

_Layouts = tuple[str | tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A result that an indicator can name: the model that counts it, the extracts that it needs, and how it is made."""

    model: str
    layouts: _Layouts
    make: Callable[[Study, pl.DataFrame, Provenance], Result]


def _releases_by_municipality(study: Study, counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Tell the years of the study's window; how many releases are enough, the programme's documents say."""
    cohort, figures = study.definition.cohort, study.programme.figures if study.programme else ()
    if cohort is None:
        raise DefinitionError(f"study {study.definition.name}: releases by municipality need a cohort.")
    enough = [int(one.value) for one in figures if one.id == "releases_more_than"]
    last = cohort.index_end - timedelta(1)
    return municipality_release(
        counts,
        provenance,
        more_than=(enough or [0])[0],
        years=range(cohort.index_start.year, last.year + 1),
        pilots=cohort.pilot_municipalities,
    )


_CUSTODY = ("krin", "kriminalomsorgen")
_TABLES: Mapping[str, _Table] = {
    "kvp_exit": _Table("kvp_exit", (("kvp", "kvp_2024"), _CUSTODY), lambda _, *counts: kvp_exit(*counts)),
    "plan_agreement": _Table(
        "plan_agreement", ("handleplan", "planaktivitet", "krin"), lambda _, *counts: plan_agreement(*counts)
    ),
    "case_open_days": _Table("case_open_time", ("handleplan", "krin"), lambda _, *sums: case_open_days(*sums)),
    "contact_rate": _Table("contact_time", ("kontakt", "krin"), lambda _, *sums: contact_rate(*sums)),
    "municipality_release": _Table("municipality_release", ("krin", "bef"), _releases_by_municipality),
}


def process_targets(study: Study) -> tuple[str, ...]:
    """Name the models that a study's process measures and the tables beside them are made of.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    tuple of str
        Tables of ``analysis``; none without a programme, or where the clock does not start at release.
    """
    models = {PROCESS_MEASURES[name].model for name in _measures(study)}
    models |= {table.model for table in _tables(study).values()}
    return tuple(f"analysis.{model}" for model in sorted(models))


def process_results(study: Study, warehouse: Warehouse, provenance: Provenance) -> Iterator[Result]:
    """Make the table of what was done by the day of release, and the tables beside it.

    Parameters
    ----------
    study : Study
        The study.
    warehouse : Warehouse
        With the models of :func:`process_targets`.
    provenance : Provenance
        Where the numbers come from.

    Yields
    ------
    Result
        The table ``process`` first; nothing where the study's programme asks for none.
    """
    wanted = _measures(study)
    if wanted:
        models = dict.fromkeys(PROCESS_MEASURES[name].model for name in wanted)
        counts = pl.concat([warehouse.table(f"analysis.{model}") for model in models])
        yield process(counts.filter(pl.col("measure").is_in(wanted)), provenance)
    for table in _tables(study).values():
        yield table.make(study, warehouse.table(f"analysis.{table.model}"), provenance)


def _measures(study: Study) -> tuple[str, ...]:
    """Name the measures that the programme asks for and the extracts allow, in the order of the table."""
    indicators = study.programme.indicators if study.programme and _looks_at_releases(study) else ()
    asked = {name for one in indicators for name in one.measures}
    delivered = _delivered(study)
    return tuple(
        name for name, measure in PROCESS_MEASURES.items() if name in asked and _are_there(measure.layouts, delivered)
    )


def _tables(study: Study) -> dict[str, _Table]:
    indicators = study.programme.indicators if study.programme and _looks_at_releases(study) else ()
    asked = {one.table for one in indicators}
    delivered = _delivered(study)
    return {name: one for name, one in _TABLES.items() if name in asked and _are_there(one.layouts, delivered)}


def _looks_at_releases(study: Study) -> bool:
    cohort = study.definition.cohort
    return study.definition.releases is not None or (cohort is not None and cohort.index_event == "release")


def _delivered(study: Study) -> frozenset[str]:
    return frozenset(extract.layout for extract in study.definition.extracts)


def _are_there(layouts: _Layouts, delivered: Collection[str]) -> bool:
    """Say whether every extract is delivered; of several in a tuple one is enough."""
    return all(any(one in delivered for one in ((part,) if isinstance(part, str) else part)) for part in layouts)
