"""Time to an event: pure functions on arrays, frozen results, no database."""

from evalkit.survival.aalen_johansen import CumulativeIncidence, aalen_johansen
from evalkit.survival.adjusted_survival import AdjustedSurvival, adjusted_survival
from evalkit.survival.bands import SimultaneousBand
from evalkit.survival.baseline import BaselineHazard, baseline_hazard, predicted_survival
from evalkit.survival.contrasts import Contrast, risk_difference, risk_ratio
from evalkit.survival.cox import CoxFit, cox
from evalkit.survival.difference_band import DifferenceBand, difference_band
from evalkit.survival.difference_curve import DifferenceCurve, difference_curve
from evalkit.survival.errors import (
    CompetingEventsError,
    ConvergenceError,
    SeparationError,
    TooFewEventsError,
)
from evalkit.survival.estimate import Estimate
from evalkit.survival.gray import GrayTest, gray_test
from evalkit.survival.hall_wellner import hall_wellner_band
from evalkit.survival.kaplan_meier import KaplanMeier, kaplan_meier
from evalkit.survival.life_table import LifeTable, life_table
from evalkit.survival.log_rank import LogRank, log_rank
from evalkit.survival.parametric import ParametricFit, parametric_model
from evalkit.survival.plots import CurveLabels, plot_curves
from evalkit.survival.proportional_hazards import (
    ProportionalHazardsTest,
    SchoenfeldResiduals,
    proportional_hazards_test,
    schoenfeld_residuals,
)
from evalkit.survival.quantiles import Quantile, quantile
from evalkit.survival.recurrent import MeanCumulativeCount, mean_cumulative_count
from evalkit.survival.restricted_mean import RestrictedMean, rmst
from evalkit.survival.simultaneous_band import simultaneous_band
from evalkit.survival.time_lost import rmtl
from evalkit.survival.time_varying_cox import TimeVaryingCoxFit, time_varying_cox

__all__ = [
    "AdjustedSurvival",
    "BaselineHazard",
    "CompetingEventsError",
    "Contrast",
    "ConvergenceError",
    "CoxFit",
    "CumulativeIncidence",
    "CurveLabels",
    "DifferenceBand",
    "DifferenceCurve",
    "Estimate",
    "GrayTest",
    "KaplanMeier",
    "LifeTable",
    "LogRank",
    "MeanCumulativeCount",
    "ParametricFit",
    "ProportionalHazardsTest",
    "Quantile",
    "RestrictedMean",
    "SchoenfeldResiduals",
    "SeparationError",
    "SimultaneousBand",
    "TimeVaryingCoxFit",
    "TooFewEventsError",
    "aalen_johansen",
    "adjusted_survival",
    "baseline_hazard",
    "cox",
    "difference_band",
    "difference_curve",
    "gray_test",
    "hall_wellner_band",
    "kaplan_meier",
    "life_table",
    "log_rank",
    "mean_cumulative_count",
    "parametric_model",
    "plot_curves",
    "predicted_survival",
    "proportional_hazards_test",
    "quantile",
    "risk_difference",
    "risk_ratio",
    "rmst",
    "rmtl",
    "schoenfeld_residuals",
    "simultaneous_band",
    "time_varying_cox",
]
