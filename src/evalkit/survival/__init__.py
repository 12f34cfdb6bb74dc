"""Time to an event: pure functions on arrays, frozen results, no database."""

from evalkit.survival.aalen_johansen import CumulativeIncidence, aalen_johansen
from evalkit.survival.adjusted_survival import AdjustedSurvival, adjusted_survival
from evalkit.survival.baseline import BaselineHazard, baseline_hazard, predicted_survival
from evalkit.survival.contrasts import Contrast, risk_difference, risk_ratio
from evalkit.survival.cox import CoxFit, cox
from evalkit.survival.errors import (
    CompetingEventsError,
    ConvergenceError,
    SeparationError,
    TooFewEventsError,
)
from evalkit.survival.estimate import Estimate
from evalkit.survival.gray import GrayTest, gray_test
from evalkit.survival.kaplan_meier import KaplanMeier, kaplan_meier
from evalkit.survival.life_table import LifeTable, life_table
from evalkit.survival.log_rank import LogRank, log_rank
from evalkit.survival.plots import CurveLabels, plot_curves
from evalkit.survival.proportional_hazards import (
    ProportionalHazardsTest,
    SchoenfeldResiduals,
    proportional_hazards_test,
    schoenfeld_residuals,
)
from evalkit.survival.restricted_mean import RestrictedMean, rmst
from evalkit.survival.time_lost import rmtl

__all__ = [
    "AdjustedSurvival",
    "BaselineHazard",
    "CompetingEventsError",
    "Contrast",
    "ConvergenceError",
    "CoxFit",
    "CumulativeIncidence",
    "CurveLabels",
    "Estimate",
    "GrayTest",
    "KaplanMeier",
    "LifeTable",
    "LogRank",
    "ProportionalHazardsTest",
    "RestrictedMean",
    "SchoenfeldResiduals",
    "SeparationError",
    "TooFewEventsError",
    "aalen_johansen",
    "adjusted_survival",
    "baseline_hazard",
    "cox",
    "gray_test",
    "kaplan_meier",
    "life_table",
    "log_rank",
    "plot_curves",
    "predicted_survival",
    "proportional_hazards_test",
    "risk_difference",
    "risk_ratio",
    "rmst",
    "rmtl",
    "schoenfeld_residuals",
]
