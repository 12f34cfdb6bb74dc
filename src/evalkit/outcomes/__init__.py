"""What counts as reoffending, and what competes with it."""

from evalkit.outcomes.decision_classes import DecisionClass, decision_classes
from evalkit.outcomes.definition import OutcomeDefinition
from evalkit.outcomes.page import outcome_calls, outcome_page
from evalkit.outcomes.rules import outcome_rules
from evalkit.outcomes.selection import PRIMARY, VARIANTS, asked_outcomes
from evalkit.outcomes.sentences import explained
from evalkit.outcomes.shipped_presets import PRESETS, load_outcome, outcome_of

__all__ = [
    "PRESETS",
    "PRIMARY",
    "VARIANTS",
    "DecisionClass",
    "OutcomeDefinition",
    "asked_outcomes",
    "decision_classes",
    "explained",
    "load_outcome",
    "outcome_calls",
    "outcome_of",
    "outcome_page",
    "outcome_rules",
]
