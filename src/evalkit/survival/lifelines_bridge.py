"""The same data and model in lifelines, for those who want to go on there."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalkit.survival.arrays import GroupLabel
from evalkit.survival.cox import CoxFit
from evalkit.survival.kaplan_meier import KaplanMeier

__all__ = ["cox_to_lifelines", "kaplan_meier_to_lifelines"]


def kaplan_meier_to_lifelines(curve: KaplanMeier, *, group: GroupLabel | None = None) -> Any:  # noqa: ANN401 - lifelines has no types
    """Fit a group's curve again as a ``lifelines.KaplanMeierFitter``.

    Parameters
    ----------
    curve : KaplanMeier
        Curves by group.
    group : str or int, optional
        The group's label; may be left out when there is one.

    Returns
    -------
    lifelines.KaplanMeierFitter
        Fitted. Its variance is Greenwood's, also with sampling weights.

    Raises
    ------
    EstimationError
        When there is no such group.
    """
    from lifelines import KaplanMeierFitter  # noqa: PLC0415 - a second that nobody else needs

    row, data = curve.life_table.group_index(group), curve.life_table.observations
    mine = slice(None) if data.group is None else data.group == row
    weight = np.ones(data.exit_time.size) if data.weight is None else data.weight
    weight = weight if data.sampling_weight is None else weight * data.sampling_weight
    entry = None if data.entry_time is None else np.maximum(data.entry_time[mine], 0)
    return KaplanMeierFitter(alpha=1.0 - curve.conf_level).fit(
        data.exit_time[mine],
        data.event_type[mine] > 0,
        entry=entry,
        weights=weight[mine],
        label=str(curve.groups[row]),
    )


def cox_to_lifelines(fit: CoxFit) -> Any:  # noqa: ANN401 - lifelines has no types
    """Fit a Cox model again as a ``lifelines.CoxPHFitter``, which always has Efron's ties.

    Parameters
    ----------
    fit : CoxFit
        The fit; without offset.

    Returns
    -------
    lifelines.CoxPHFitter
        Fitted to the same rows, weights, strata, clusters and entries.
    """
    import pandas as pd  # noqa: PLC0415 - only here
    from lifelines import CoxPHFitter  # noqa: PLC0415 - a second that nobody else needs

    sample = fit.sample
    frame = pd.DataFrame((sample.covariates + sample.centre[:, None]).T, columns=list(fit.names))
    frame["_exit"], frame["_event"], frame["_weight"] = sample.exit_time, sample.event, sample.weight
    options: dict[str, Any] = {"weights_col": "_weight", "robust": fit.is_robust}
    for name, values in (("_entry", sample.entry_time), ("_stratum", sample.strata), ("_cluster", sample.cluster)):
        if values is not None:
            frame[name] = np.maximum(values, 0)
            options |= {_OPTION[name]: [name] if name == "_stratum" else name}
    return CoxPHFitter().fit(frame, duration_col="_exit", event_col="_event", **options)


_OPTION = {"_entry": "entry_col", "_stratum": "strata", "_cluster": "cluster_col"}
