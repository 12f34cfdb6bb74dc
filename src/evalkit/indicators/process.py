"""What was done by the day of release: meetings, notices, plans, benefits, housing, programmes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["PROCESS_MEASURES", "ProcessMeasure", "process"]


@dataclass(frozen=True, slots=True)
class ProcessMeasure:
    """One thing that should be done by the day of release.

    Parameters
    ----------
    model : str
        The table of ``analysis`` that counts it.
    layouts : tuple of str
        The extracts that the table needs; of a tuple in it one is enough.
    concerns_all : bool
        Whether it concerns everyone whose release is looked at.
    """

    model: str
    layouts: tuple[str | tuple[str, ...], ...]
    concerns_all: bool = True


_CONTACT = ("release_contact", ("kontakt", ("krin", "kriminalomsorgen")))
_PLAN = ("release_plan", ("handleplan", "planaktivitet", ("krin", "kriminalomsorgen")))
_PROGRAMME = ("release_programme", (("kvp", "kvp_2024"), ("krin", "kriminalomsorgen")))
_SIGNS = ("release_vulnerability", ("krin", "bfl", "dream", "handleplan", "planaktivitet"))
_JOB_SEEKER = ("release_job_seeker", ("arbeidssoker", ("krin", "kriminalomsorgen")))

_SIGN_NAMES = ("without_work", "on_benefit", "housing", "economy", "treatment", "any")

PROCESS_MEASURES: Mapping[str, ProcessMeasure] = {
    "three_party_meeting": ProcessMeasure(*_CONTACT),
    "talks": ProcessMeasure(*_CONTACT),
    "municipality_told": ProcessMeasure(*_CONTACT),
    "municipality_told_of_transfer": ProcessMeasure(*_CONTACT, concerns_all=False),
    "plan_begun_inside": ProcessMeasure(*_PLAN, concerns_all=False),
    "signed_plan": ProcessMeasure(*_PLAN),
    "job_centre_before_parole": ProcessMeasure(*_PLAN, concerns_all=False),
    "plan_in_remand": ProcessMeasure(*_PLAN, concerns_all=False),
    "case_open_throughout": ProcessMeasure(*_PLAN),
    "case_open_at_release": ProcessMeasure(*_PLAN),
    "housing_settled": ProcessMeasure(*_PLAN, concerns_all=False),
    "benefit_settled": ProcessMeasure("release_benefit", ("krin", "dream", "bfl", "kotre"), concerns_all=False),
    "no_transfer": ProcessMeasure("release_transfer", (("krin", "kriminalomsorgen"),)),
    "need_met_housing": ProcessMeasure(*_PLAN, concerns_all=False),
    "need_met_education": ProcessMeasure(*_PLAN, concerns_all=False),
    "need_met_employment": ProcessMeasure(*_PLAN, concerns_all=False),
    "need_met_treatment": ProcessMeasure(*_PLAN, concerns_all=False),
    "need_met_health": ProcessMeasure(*_PLAN, concerns_all=False),
    "need_met_economy": ProcessMeasure(*_PLAN, concerns_all=False),
    "need_met_network": ProcessMeasure(*_PLAN, concerns_all=False),
    "work_at_release": ProcessMeasure(*_JOB_SEEKER),
    "other_measure_at_release": ProcessMeasure(*_JOB_SEEKER),
    "kvp_at_release": ProcessMeasure(*_PROGRAMME),
    "kvp_within_days": ProcessMeasure(*_PROGRAMME),
    **{f"sign_{name}": ProcessMeasure(*_SIGNS) for name in _SIGN_NAMES},
}
"""All measures by machine name, in the order of the report."""

# What a measure is a part of: its persons among the other's, or those for whom it holds among those for whom that does.
_AMONG_PERSONS = (("housing_settled", "need_met_housing"),)
_AMONG_REACHED = (
    ("housing_settled", "need_met_housing"),
    ("kvp_at_release", "kvp_within_days"),
    ("municipality_told_of_transfer", "municipality_told"),
)
_DOMAINS_OF = {
    "sign_housing": ("housing",),
    "sign_economy": ("economy",),
    "sign_treatment": ("treatment", "health"),
}
_WITH_PLAN = Counts("continuity", "n_with_plan", {"domain": ("any",), "checkpoint": ("resumed",)})
_AMONG_RELEASES = (("job_centre_before_parole", "parole"), ("plan_in_remand", "remand_end"))


def process(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of what was done by the day of release.

    Parameters
    ----------
    counts : DataFrame
        arm, measure, n_persons (whom it concerns), n_reached (of them those for whom it holds).
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and measure, in the order of :data:`PROCESS_MEASURES`: the share with its Wilson interval, or
        none where it concerns nobody.
    """
    roles = {
        "arm": Column.dimension(),
        "measure": Column.dimension(),
        "n_persons": Column.count(),
        "n_reached": Column.count(),
        **{name: Column.derived("n_persons", "n_reached") for name in ("share", "conf_low", "conf_high")},
    }
    place = {name: number for number, name in enumerate(PROCESS_MEASURES)}
    ordered = counts.sort("arm", pl.col("measure").replace_strict(place, return_dtype=pl.Int32))
    frame = with_wilson(ordered, count="n_reached", total="n_persons").select(*roles)
    measures = frame.get_column("measure").unique(maintain_order=True).to_list()
    return Result(
        "process",
        provenance,
        frame,
        roles,
        linked=(("n_persons", "n_reached"),),
        relations=tuple(_relations(measures)),
    )


def _relations(measures: list[str]) -> Iterator[Relation]:
    yield from _whom(measures)
    for column, pairs in (("n_persons", _AMONG_PERSONS), ("n_reached", _AMONG_REACHED)):
        for part, total in pairs:
            if {part, total} <= set(measures):
                yield Relation((_cell(total, column),), (_cell(part, column),), ("arm",))
    if "plan_begun_inside" in measures:
        yield Relation((_WITH_PLAN,), (_cell("plan_begun_inside", "n_persons"),), ("arm",), exact=True)
    yield from _signs(measures)
    for measure, kind in _AMONG_RELEASES:
        if measure in measures:
            where = {"variable": ("release_type",), "level": (kind,)}
            yield Relation((Counts("baseline", "n_persons", where),), (_cell(measure, "n_persons"),), ("arm",))


def _signs(measures: list[str]) -> Iterator[Relation]:
    """Say that whoever has one sign has any, and that an area in which something was planned is a sign."""
    for name in (one for one in measures if one.startswith("sign_") and one != "sign_any"):
        yield Relation((_cell("sign_any", "n_reached"),), (_cell(name, "n_reached"),), ("arm",))
        for domain in _DOMAINS_OF.get(name, ()):
            planned = Counts("continuity", "n_with_plan", {"domain": (domain,), "checkpoint": ("resumed",)})
            yield Relation((_cell(name, "n_reached"),), (planned,), ("arm",))


def _whom(measures: list[str]) -> Iterator[Relation]:
    """Say that what concerns everyone concerns the same persons, and what does not, some of them."""
    everyone = [name for name in measures if PROCESS_MEASURES[name].concerns_all]
    for name in everyone:
        yield Relation((Counts("risk", "n_persons"),), (_cell(name, "n_persons"),), ("arm",), exact=True)
    for name in measures if everyone else ():
        if name != everyone[0]:
            exact = name in everyone
            yield Relation((_cell(everyone[0], "n_persons"),), (_cell(name, "n_persons"),), ("arm",), exact=exact)


def _cell(measure: str, column: str) -> Counts:
    return Counts("process", column, {"measure": (measure,)})
