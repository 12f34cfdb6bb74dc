"""What the release bundle says about a study in words: arms, definitions, sources."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.config import Explanation, Text
from evalkit.indicators.dose import capacity_steps
from evalkit.indicators.economy import EconomyDefinition
from evalkit.outcomes import explained
from evalkit.programmes import Finding, ProgrammeDefinition
from evalkit.registers import Delivery, layout_title
from evalkit.study import Study

__all__ = ["definitions_manifest", "study_manifest"]


def study_manifest(study: Study, deliveries: Sequence[Delivery], findings: Sequence[Finding] = ()) -> dict[str, object]:
    """Describe a study for the report.

    Parameters
    ----------
    study : Study
        The study.
    deliveries : sequence of Delivery
        What came in.
    findings : sequence of Finding
        What became of each indicator of the study's programme.

    Returns
    -------
    dict of str to object
        JSON-ready.
    """
    definition = study.definition
    horizon, horizon_label, event_label = _horizon(study)
    cohort = definition.cohort
    return {
        "name": definition.name,
        "title": _both(definition.title),
        "kind": definition.kind,
        "vintage": definition.vintage.isoformat(),
        "time_unit": definition.time_unit,
        "horizon": horizon,
        "horizon_label": _both(horizon_label),
        "event_label": _both(event_label),
        "index_start": cohort.index_start.isoformat() if cohort else None,
        "index_end": cohort.index_end.isoformat() if cohort else None,
        "index_event": cohort.index_event if cohort else None,
        "synthetic": definition.synthetic,
        "groups": list(definition.groups),
        "arms": [
            {"name": arm.name, "label": _both(arm.label), "description": _both(arm.description)}
            for arm in definition.arms
        ],
        "sources": [
            {"layout": one.layout, "title": _both(layout_title(one.layout)), "sha256": one.sha256} for one in deliveries
        ],
        "caveats": [_both(caveat) for caveat in definition.caveats],
        "economy": _economy(definition.economy),
        "programme": _programme(study.programme, findings) if study.programme else None,
    }


def _programme(programme: ProgrammeDefinition, findings: Sequence[Finding]) -> dict[str, object]:
    """Describe a programme: its words, and what became of each of its indicators."""
    became = {one.indicator: one for one in findings}
    labels = {one.id: _both(one.label) for one in programme.target_group.criteria}
    labels |= {one.id: _both(one.label) for one in programme.figures}
    return {
        "id": programme.id,
        "title": _both(programme.title),
        "indicators": [
            {
                "id": one.id,
                "label": _both(one.label),
                "quote": one.quote.text,
                "place": one.quote.place,
                "threshold": one.threshold,
                "direction": one.direction,
                "found": became[one.id].found.value if one.id in became else "not_computed",
                "lacks": [_both(layout_title(layout)) for layout in became[one.id].lacks] if one.id in became else [],
            }
            for one in programme.indicators
        ],
        "labels": labels,
        "releases_more_than": next((int(one.value) for one in programme.figures if one.id == "releases_more_than"), 0),
        "capacity": _capacity(programme),
        "budget": _budget(programme),
    }


def _capacity(programme: ProgrammeDefinition) -> list[dict[str, object]]:
    """Show the arithmetic from places to persons a year; the last line goes back from the document's own figure."""
    one = programme.capacity
    if one is None:
        return []
    steps = capacity_steps(one.places, one.months, one.extension_months, one.persons_per_year)
    return [
        {
            "months": step.months,
            "persons_per_year": step.persons_per_year,
            "places": one.places,
            "implied": step is steps[-1],
        }
        for step in steps
    ]


def _budget(programme: ProgrammeDefinition) -> dict[str, object] | None:
    budget = programme.budget
    if budget is None:
        return None
    return {
        "currency": budget.currency,
        "total_millions": budget.total_millions,
        "lines": [
            {
                "label": _both(line.label),
                "year": line.year,
                "units": line.units,
                "millions": line.millions,
                "total_millions": line.total_millions,
            }
            for line in budget.lines
            if not line.part_of
        ],
    }


def _economy(economy: EconomyDefinition | None) -> dict[str, object] | None:
    """Say what was known of money, and what outcomes are said to be worth."""
    if economy is None or economy.cost_dkk is None:
        return None
    return {
        "currency": economy.currency,
        "reference_cost_per_person": economy.reference_cost_per_person,
        "n_draws": economy.n_draws,
        "value": economy.value,
        "values": [
            {
                "name": name,
                "label": _both(one.label),
                "amount": one.dkk,
                "years": one.years,
                "price_year": one.price_year,
                "source": _both(one.source),
            }
            for name, one in economy.values.items()
        ],
    }


def definitions_manifest(study: Study) -> dict[str, object]:
    """Describe every definition that a study's numbers rest on.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict of str to object
        JSON-ready, in the order in which a reader meets them.
    """
    definition, programme, delivered = study.definition, study.programme, study.definition.delivered
    told: dict[str, object] = {}
    if definition.cohort and study.outcome:
        told["cohort"] = _entry("cohort", definition.cohort.fingerprint, definition.cohort.explanation)
        told["outcome"] = _entry(study.outcome.name, study.outcome.fingerprint, explained(study.outcome))
        for name in ("continuity", "status"):
            one = getattr(definition, name)
            told[name] = _entry(name, one.fingerprint, one.explanation)
    for instrument in definition.assessments:
        told[instrument.instrument] = _entry(instrument.instrument, instrument.fingerprint, instrument.explanation)
    if definition.releases:
        told["releases"] = _entry("releases", definition.releases.fingerprint, definition.releases.explanation)
    if programme:
        told["programme"] = _entry(programme.id, programme.fingerprint, _explained(programme))
    if delivered:
        told["outcome"] = _entry(delivered.name, delivered.fingerprint, delivered.explanation)
    return told


def _horizon(study: Study) -> tuple[int, Text, Text]:
    if study.outcome:
        months = study.outcome.follow_up_months
        label = Text(da=f"{months} måneder", en=f"{months} months")
        return study.outcome.horizon_days, label, study.outcome.label
    delivered = study.definition.delivered
    if delivered is None:
        return 0, Text(da="", en=""), Text(da="", en="")
    return delivered.horizon, delivered.horizon_label, delivered.label


def _explained(programme: ProgrammeDefinition) -> Explanation:
    """Say what a programme is, how its indicators are counted, and what its documents leave open."""
    remarks = [one.text for one in programme.contradictions]
    remarks += [_left_open(one.text) for one in programme.left_open]
    counted = [one for one in programme.indicators if one.defined_in_source]
    said = [
        programme.summary,
        *(one.formula for one in counted),
        *(text for one in counted for text in one.open),
        *remarks,
    ]
    sources = "; ".join(f"{one.title}, {one.publisher}" for one in programme.sources)
    return Explanation(
        title=programme.title, da=tuple(one.da for one in said), en=tuple(one.en for one in said), source=sources
    )


def _left_open(text: Text) -> Text:
    return Text(da=f"Kilden lader stå åbent: {text.da}", en=f"Left open by the source: {text.en}")


def _both(text: Text) -> dict[str, str]:
    return {"da": text.da, "en": text.en}


def _entry(name: str, fingerprint: str, explanation: Explanation) -> dict[str, object]:
    return {
        "name": name,
        "fingerprint": fingerprint,
        "title": _both(explanation.title),
        "text": {"da": list(explanation.da), "en": list(explanation.en)},
        "source": explanation.source,
    }
