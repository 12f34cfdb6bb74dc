"""What counts as reoffending, and what competes with it."""

from evalkit.outcomes.definition import OutcomeDefinition, load_outcome

__all__ = ["OutcomeDefinition", "load_outcome"]
