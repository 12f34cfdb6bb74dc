"""A study's programme: its targets, how its cases ended, whom it reached and what it cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from evalkit.indicators.cost_effectiveness import CostQuestion, cost_effectiveness
from evalkit.indicators.criteria import criteria
from evalkit.indicators.dose import dose
from evalkit.indicators.economy import cost_per_person, money_by_year
from evalkit.indicators.programme_course import programme_course
from evalkit.indicators.programme_end import programme_end
from evalkit.indicators.programme_phase import programme_attendance, programme_cadence, programme_phase
from evalkit.indicators.targets import targets
from evalkit.outcomes import PRIMARY
from evalkit.programmes import Finding, ProgrammeDefinition, Seen, case_list, findings, programme_models
from evalkit.results import Counts, Provenance, Relation, Result
from evalkit.study import Study
from evalkit.warehouse import Warehouse

__all__ = ["programme_results", "programme_targets"]

_WITHOUT_ENROLMENTS = "jobupdate_henvisning"
_COURSE_MONTHS = (3, 6, 12)


def programme_targets(study: Study) -> tuple[str, ...]:
    """Name the models that a study's programme needs and its extracts allow.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    tuple of str
        Tables of ``analysis``; none for a study without a programme.
    """
    if study.programme is None:
        return ()
    return tuple(f"analysis.{name}" for name in _models(study, study.programme))


def programme_results(
    study: Study, warehouse: Warehouse, results: Mapping[str, Result], provenance: Provenance
) -> tuple[tuple[Result, ...], tuple[Finding, ...]]:
    """Evaluate a study's programme on what is computed already and on its own list of cases.

    Parameters
    ----------
    study : Study
        The study.
    warehouse : Warehouse
        With the models of :func:`programme_targets`.
    results : mapping of str to Result
        What is computed already.
    provenance : Provenance
        Where the numbers come from.

    Returns
    -------
    tuple of (tuple of Result, tuple of Finding)
        The programme's tables, and what became of each of its indicators; both empty without a programme.
    """
    programme = study.programme
    if programme is None:
        return (), ()
    seen = _seen(study, programme, warehouse, results)
    found = findings(programme, seen)
    counts = [one.count for one in found if one.count is not None]
    made = [targets(counts, study.definition.targets, provenance)] if counts else []
    cohort = study.definition.cohort
    offered = seen.treated if cohort and cohort.exposure != "resident" else None
    made.extend(_of_cases(programme, seen, provenance, offered=offered))
    made.extend(_economy(study, programme, warehouse, seen, provenance))
    return tuple(made), found


def _models(study: Study, programme: ProgrammeDefinition) -> tuple[str, ...]:
    return programme_models(programme, _delivered(study), has_stays=_has_stays(study))


def _has_stays(study: Study) -> bool:
    return study.definition.cohort is not None or study.definition.releases is not None


def _delivered(study: Study) -> frozenset[str]:
    return frozenset(extract.layout for extract in study.definition.extracts)


def _seen(study: Study, programme: ProgrammeDefinition, warehouse: Warehouse, results: Mapping[str, Result]) -> Seen:
    definition, cohort = study.definition, study.definition.cohort
    models = _models(study, programme)
    return Seen(
        delivered=_delivered(study),
        vintage=definition.vintage,
        models={name: warehouse.table(f"analysis.{name}") for name in models},
        results=results,
        clock=cohort.index_event if cohort else "release" if definition.releases else None,
        treated=definition.arms[-1].name if cohort else None,
        outcome=study.outcome.name if study.outcome else None,
    )


def _of_cases(
    programme: ProgrammeDefinition, seen: Seen, provenance: Provenance, *, offered: str | None
) -> Iterator[Result]:
    """Make the tables of the list of cases: ends, the target group's criteria, and money by year of enrolment.

    `offered` is the arm of the study's cohort whose persons all stand in a list of offers.
    """
    listed = case_list(programme, seen.delivered)
    own = {
        name: counts.filter(pl.col("layout") == listed) for name, counts in seen.models.items() if "layout" in counts
    }
    if "programme_end" not in own:
        return
    ends = own["programme_end"]
    made = programme_end(ends, provenance, enrols=listed != _WITHOUT_ENROLMENTS)
    yield (
        replace(made, relations=(*made.relations, *_among_listed(ends, offered)))
        if offered and listed == "tilbud"
        else made
    )
    if "programme_criterion" in own:
        asked = {one.id for one in programme.target_group.criteria} | {one.id for one in programme.figures}
        answers = own["programme_criterion"].filter(pl.col("criterion").is_in(asked))
        enrolled = answers.filter(pl.col("enrolled"))
        yield criteria(answers if listed == _WITHOUT_ENROLMENTS else enrolled, provenance)
    yield from _of_course(programme, seen, own, provenance)
    budget = programme.budget
    if budget is not None and all(line.year for line in budget.lines):
        lines = [("part" if one.part_of else "all", one.year or 0, one.total_millions) for one in budget.lines]
        yield money_by_year(lines, _began_in_year(ends), provenance, elsewhere=_among_enrolled(ends))


def _of_course(
    programme: ProgrammeDefinition, seen: Seen, own: Mapping[str, pl.DataFrame], provenance: Provenance
) -> Iterator[Result]:
    """Make the tables of the course: how cases go on, phases, contacts, who turned up, and guidance in places."""
    if "programme_course" in own:
        yield programme_course(
            own["programme_course"], provenance, months=_COURSE_MONTHS, layout=case_list(programme, seen.delivered)
        )
    if "programme_phase" in seen.models:
        yield programme_phase(seen.models["programme_phase"], provenance)
    if "programme_cadence" in seen.models:
        yield programme_cadence(seen.models["programme_cadence"], provenance)
    if "programme_attendance" in own:
        yield programme_attendance(own["programme_attendance"], provenance)
    if "programme_dose" in own:
        yield dose(own["programme_dose"], {one.state: one.weight for one in programme.dose_weights}, provenance)


def _began_in_year(ends: pl.DataFrame) -> dict[int, int]:
    """Count those who were enrolled, by year."""
    enrolled = ends.filter(pl.col("end_state") != "not_enrolled")
    by_year = enrolled.group_by(pl.col("began_in").dt.year().alias("year")).agg(pl.col("n_persons").sum())
    return {int(year): int(n) for year, n in by_year.iter_rows()}


def _among_listed(ends: pl.DataFrame, arm: str) -> tuple[Relation, ...]:
    """Say that the arm that was offered the programme is among all who were; the others are a count like any other."""
    states = sorted(set(ends.get_column("end_state")))
    if not states:
        return ()
    total = Counts("programme_end", "n_total", {"denominator": ("referred",), "end_state": (states[0],)})
    return (Relation((total,), (Counts("risk", "n_persons", {"arm": (arm,)}),)),)


def _among_enrolled(ends: pl.DataFrame) -> tuple[Relation, ...]:
    """Say that those who began in the budget's years are among all who were enrolled."""
    states = sorted(set(ends.get_column("end_state")) - {"not_enrolled"})
    if not states:
        return ()
    total = Counts("programme_end", "n_total", {"denominator": ("enrolled",), "end_state": (states[0],)})
    return (Relation((total,), (Counts("money_by_year", "n_persons", {"purpose": ("all",)}),)),)


def _economy(
    study: Study, programme: ProgrammeDefinition, warehouse: Warehouse, seen: Seen, provenance: Provenance
) -> Iterator[Result]:
    """Make the cost a person, and what an avoided reoffender costs where there are two arms."""
    economy = study.definition.economy
    if economy is None or economy.cost_dkk is None:
        return
    units = dict(_units(programme, seen))
    counts = {unit: n for unit, (n, _) in units.items()}
    same = tuple(relation for _, relation in units.values())
    yield cost_per_person(economy.cost_dkk, counts, provenance, elsewhere=same)
    if seen.treated is None or "risk" not in seen.results or study.outcome is None:
        return
    reference, treated = study.definition.compared
    if reference is None:
        return
    sql = "SELECT * FROM analysis.event_count WHERE outcome = $outcome"
    events = warehouse.fetch(sql, {"outcome": PRIMARY}).drop("outcome")
    n_treated = int(events.filter(pl.col("arm") == seen.treated).get_column("n_persons").sum())
    question = CostQuestion(
        reference=reference,
        treated=treated,
        horizon=study.outcome.horizon_days,
        extra_cost_per_person=economy.cost_dkk / n_treated - economy.reference_cost_per_person,
        value=economy.values[economy.value].dkk,
        n_draws=economy.n_draws,
    )
    yield from cost_effectiveness(events, question, provenance, np.random.default_rng(economy.seed))


def _units(programme: ProgrammeDefinition, seen: Seen) -> Iterator[tuple[str, tuple[int, Relation]]]:
    """Yield what a cost can be divided by, and where else those persons are counted."""
    listed = case_list(programme, seen.delivered)
    if "programme_end" in seen.models:
        ends = seen.models["programme_end"].filter(pl.col("layout") == listed)
        states = set(ends.get_column("end_state"))
        among = {"referred": states, "enrolled": states - {"not_enrolled"}, "finished": states - _NOT_ENDED}
        among["completed"] = states & _COMPLETED
        if listed == _WITHOUT_ENROLMENTS:
            del among["enrolled"]
        for unit, wanted in among.items():
            where = {"denominator": ("referred",), "end_state": tuple(sorted(wanted))}
            n = int(ends.filter(pl.col("end_state").is_in(wanted)).get_column("n_persons").sum())
            yield unit, (n, _same(unit, Counts("programme_end", "n_persons", where)))
    status = seen.results.get("status")
    if status is not None and seen.treated is not None:
        yield from _in_work(status, seen.treated)


def _in_work(status: Result, arm: str) -> Iterator[tuple[str, tuple[int, Relation]]]:
    rows = status.tidy().filter(pl.col("arm") == arm, pl.col("state").is_in(_IN_WORK))
    for month in rows.get_column("month").unique().sort().to_list():
        of = rows.filter(pl.col("month") == month)
        where = {"arm": (arm,), "month": (month,), "state": tuple(of.get_column("state").to_list())}
        unit = f"in_work_{month}_months"
        n = int(of.get_column("n_persons").sum())
        yield unit, (n, _same(unit, Counts("status", "n_persons", where)))


def _same(unit: str, elsewhere: Counts) -> Relation:
    return Relation((Counts("cost_per_person", "n_persons", {"unit": (unit,)}),), (elsewhere,), exact=True)


_NOT_ENDED = {"open", "not_enrolled"}
_COMPLETED = {"completed", "positive"}
_IN_WORK = ("employed", "employed_full_time", "supported_work")
