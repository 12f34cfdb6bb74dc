"""Synthetic registers with a planted truth: seeded, vectorised, the same bytes for the same seed."""

from evalkit.synthetic.extracts import write_extracts
from evalkit.synthetic.scenario import Scenario, load_scenario
from evalkit.synthetic.studies import write_synthetic_study
from evalkit.synthetic.truth import Truth

__all__ = ["Scenario", "Truth", "load_scenario", "write_extracts", "write_synthetic_study"]
