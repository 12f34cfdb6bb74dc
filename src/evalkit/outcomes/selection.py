"""All outcomes that a study's models count at once: its own, variants that show what a choice does, every preset."""

from __future__ import annotations

from datetime import date

from evalkit.outcomes.definition import OutcomeDefinition
from evalkit.outcomes.shipped_presets import PRESETS, load_outcome

__all__ = ["PRIMARY", "VARIANTS", "asked_outcomes"]

PRIMARY = "primary"
"""The name under which the models know the study's own outcome."""

VARIANTS: dict[str, dict[str, str]] = {
    "emigration_ignored": {"residence": "ignored"},
    "resident_throughout": {"residence": "resident_throughout"},
    "time_at_risk": {"clock": "at_risk"},
    "decision_dated": {"event_date": "decision_date"},
}
"""Names of the variants, and what each changes in the study's own outcome."""


def asked_outcomes(primary: OutcomeDefinition, last_index_date: date, vintage: date) -> dict[str, OutcomeDefinition]:
    """Return the outcomes that the models count.

    A preset that cannot be mature for the whole cohort is left out. The presets follow the study in whom they follow
    and how time runs, so that the same persons stand in every row and only what counts as the event differs.

    Parameters
    ----------
    primary : OutcomeDefinition
        The study's own.
    last_index_date : date
        The last day on which somebody can enter the cohort.
    vintage : date
        The data are complete before this day.

    Returns
    -------
    dict of str to OutcomeDefinition
        The study's own first, then the variants, then the presets by their names.
    """
    chosen = {PRIMARY: primary}
    for name, changes in VARIANTS.items():
        if primary.event == "guilty_decision" or "event_date" not in changes:
            chosen[name] = primary.model_copy(update=changes)
    same = {"residence": primary.residence, "clock": primary.clock, "death": primary.death}
    for name in PRESETS:
        preset = load_outcome(name)
        if preset.decided_before(last_index_date) <= vintage:
            chosen[name] = preset.model_copy(update=same)
    return chosen
