"""The same data and model in lifelines, for those who want to go on there."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.cox_sample import CoxSample
from evalkit.survival.life_table import LifeTable
from evalkit.survival.lifelines_seam import fit_quietly

__all__ = ["cox_fitter", "kaplan_meier_fitter"]


def kaplan_meier_fitter(table: LifeTable, row: int, *, conf_level: float) -> Any:  # noqa: ANN401 - lifelines has no types
    """Fit a group's curve as a ``lifelines.KaplanMeierFitter``.

    Parameters
    ----------
    table : LifeTable
        With one cause.
    row : int
        Position of the group.
    conf_level : float
        Confidence level.

    Returns
    -------
    lifelines.KaplanMeierFitter
        Fitted.
    """
    from lifelines import KaplanMeierFitter  # noqa: PLC0415 - a second that nobody else needs

    data = table.observations
    mine = slice(None) if data.group is None else data.group == row
    weight = np.ones(data.exit_time.size) if data.weight is None else data.weight
    weight = weight if data.sampling_weight is None else weight * data.sampling_weight
    entry = None if data.entry_time is None else np.maximum(data.entry_time[mine], 0)
    columns = data.exit_time[mine], data.event_type[mine] > 0
    options = {"entry": entry, "weights": weight[mine], "label": str(table.groups[row])}
    # it warns of weights that are not whole, which the docstring of to_lifelines says
    return fit_quietly(
        "Kaplan-Meier", lambda: KaplanMeierFitter(alpha=1.0 - conf_level).fit(*columns, **options), strict=False
    )


def cox_fitter(sample: CoxSample, *, ties: str, is_robust: bool) -> Any:  # noqa: ANN401 - lifelines has no types
    """Fit a model as a ``lifelines.CoxPHFitter``.

    Parameters
    ----------
    sample : CoxSample
        The data.
    ties : {"efron", "breslow"}
        How tied events were treated.
    is_robust : bool
        Whether the covariance is the sandwich.

    Returns
    -------
    lifelines.CoxPHFitter
        Fitted to the same rows, weights, strata, clusters and entries, with Efron's ties.

    Raises
    ------
    EstimationError
        When ties are Breslow's, there is an offset, or a covariate has the name of a column that is needed.
    """
    import pandas as pd  # noqa: PLC0415 - only here
    from lifelines import CoxPHFitter  # noqa: PLC0415 - a second that nobody else needs

    if ties != "efron" or sample.offset is not None:
        raise EstimationError("lifelines: its Cox model has Efron's ties and no offset.", hint="Fit such a model.")
    kept = {"_exit", "_event", "_weight", *_OPTION} & set(sample.names)
    if kept:
        raise EstimationError(f"names: {', '.join(sorted(kept))} is kept for another column.")
    frame = pd.DataFrame((sample.covariates + sample.centre[:, None]).T, columns=list(sample.names))
    frame["_exit"], frame["_event"], frame["_weight"] = sample.exit_time, sample.event, sample.weight
    options: dict[str, Any] = {"weights_col": "_weight", "robust": is_robust}
    for name, values in (("_entry", sample.entry_time), ("_stratum", sample.strata), ("_cluster", sample.cluster)):
        if values is not None:
            frame[name] = values
            options |= {_OPTION[name]: [name] if name == "_stratum" else name}
    columns = {"duration_col": "_exit", "event_col": "_event"}
    return fit_quietly("Cox", lambda: CoxPHFitter().fit(frame, **columns, **options), strict=False)


_OPTION = {"_entry": "entry_col", "_stratum": "strata", "_cluster": "cluster_col"}
