"""From offence to charge to decision, with appeals, delays and charges that got lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Bools, Ints
from evalkit.synthetic.draws import choose_code, lognormal_days, with_chance
from evalkit.synthetic.scenario import Scenario

__all__ = ["ACQUITTED", "FINE_CODES", "NOT_GUILTY_CODES", "Case", "Docket", "cases_frame", "is_guilty", "judge"]

ACQUITTED = 11
NOT_GUILTY_CODES = (11, 69, 72)
"""AFG_AFGTYPKO: acquitted, charge withdrawn."""
FINE_CODES = (2, 21)
_SERVED_IN_REMAND = 88
_SUSPENDED = 4
_UNSUSPENDED_CODES = (1, 6, 86, _SERVED_IN_REMAND)
_SUSPENDED_CODES = (_SUSPENDED, 6, 81)
_TRAFFIC = 2610
_DRUNK_DRIVING = 2220
_LEAST_FINE_THAT_COUNTS = 2500


@dataclass(frozen=True, slots=True)
class Case:
    """Offences on their way to court.

    Parameters
    ----------
    person, series, offence : int array, shape (n,)
        Who, in which series of that person, on which day.
    is_first, is_trigger : bool array, shape (n,)
        First of the series, which always ends guilty; the one that led to custody.
    kind, admission, serving_start, release : int array, shape (n,)
        The stay that the series led to; kind -1 and days NEVER without.
    """

    person: Ints
    series: Ints
    offence: Ints
    is_first: Bools
    is_trigger: Bools
    kind: Ints
    admission: Ints
    serving_start: Ints
    release: Ints


@dataclass(frozen=True, slots=True)
class Docket:
    """Cases with their days.

    Parameters
    ----------
    person, offence, charge, decision, code : int array, shape (n,)
        Who; the days of offence, charge and decision; the decision's type.
    """

    person: Ints
    offence: Ints
    charge: Ints
    decision: Ints
    code: Ints


def is_guilty(code: Ints) -> Bools:
    """Say which decision types are guilty ones.

    Parameters
    ----------
    code : int array
        AFG_AFGTYPKO as numbers.

    Returns
    -------
    bool array
        False for acquittals and withdrawn charges.
    """
    return ~np.isin(code, NOT_GUILTY_CODES)


def judge(rng: np.random.Generator, scenario: Scenario, case: Case) -> pl.DataFrame:
    """Charge and decide offences.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    case : Case
        The offences.

    Returns
    -------
    DataFrame
        One row a case, as :func:`cases_frame` makes them. Days after the registers' end are still in it.
    """
    courts = scenario.courts
    n = case.offence.size
    charge = case.offence + lognormal_days(rng, courts.charge_delay_median_days, courts.charge_delay_sigma, n)
    charge = np.where(case.is_trigger, np.clip(charge, case.offence, case.admission - 1), charge)
    delay = lognormal_days(rng, courts.decision_delay_median_days, courts.decision_delay_sigma, n)
    code = choose_code(rng, courts.guilty_codes, n)
    dropped = ~case.is_first & with_chance(rng, courts.not_guilty_share, n)
    code = np.where(dropped, choose_code(rng, courts.not_guilty_codes, n), code)
    decision, code = _decide_triggers(rng, case, charge, charge + 5 + delay, code)
    frame = cases_frame(rng, scenario, Docket(case.person, case.offence, charge, decision, code))
    frame = frame.with_columns(
        pl.Series("series", case.series), pl.Series("is_trigger", case.is_trigger), pl.Series("is_first", case.is_first)
    )
    return _appeal(rng, scenario, frame)


def cases_frame(rng: np.random.Generator, scenario: Scenario, docket: Docket) -> pl.DataFrame:
    """Make a table of cases, with what the court gave and no appeal.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    docket : Docket
        The cases.

    Returns
    -------
    DataFrame
        person, series (-1), is_trigger, is_first, offence, offence_end, charge, decision, code, group (four-digit
        offence group), fine (kroner, -1 without), unsuspended and suspended (days, -1 without), appeal,
        second_decision, second_code (NEVER, NEVER, -1), is_charge_missing.
    """
    n, code = docket.person.size, docket.code
    group = choose_code(rng, scenario.courts.offences, n)
    # Ordinary traffic offences end in fines; what ends otherwise is drunk driving.
    group = np.where((group == _TRAFFIC) & ~np.isin(code, FINE_CODES), _DRUNK_DRIVING, group)
    kroner = rng.integers(2, 25, n) * 500
    kroner = np.where(group // 1000 == 2, np.maximum(kroner, _LEAST_FINE_THAT_COUNTS), kroner)
    lasting = np.where(with_chance(rng, 0.08, n), rng.integers(1, 10, n), 0)
    sentence = lognormal_days(rng, 55.0, 0.8, n) + 7
    return pl.DataFrame(
        {
            "person": docket.person,
            "series": np.full(n, -1, np.int64),
            "is_trigger": np.zeros(n, np.bool_),
            "is_first": np.zeros(n, np.bool_),
            "offence": docket.offence,
            "offence_end": np.minimum(docket.offence + lasting, docket.charge),
            "charge": docket.charge,
            "decision": docket.decision,
            "code": code,
            "group": group,
            "fine": np.where(np.isin(code, (*FINE_CODES, 86)), kroner, -1),
            "unsuspended": np.where(np.isin(code, _UNSUSPENDED_CODES), sentence, -1),
            "suspended": np.where(np.isin(code, _SUSPENDED_CODES), sentence, -1),
            "appeal": np.full(n, NEVER, np.int64),
            "second_decision": np.full(n, NEVER, np.int64),
            "second_code": np.full(n, -1, np.int64),
            "is_charge_missing": with_chance(rng, scenario.courts.missing_charge_share, n),
        }
    )


def _decide_triggers(
    rng: np.random.Generator, case: Case, charge: Ints, decision: Ints, code: Ints
) -> tuple[Ints, Ints]:
    n = case.offence.size
    prison = choose_code(rng, {"1": 0.80, "86": 0.08, "6": 0.12}, n)
    before_serving = charge + ((case.admission - charge) * 0.6).astype(np.int64)
    decision = np.where(
        case.is_trigger & (case.kind != StayKind.REMAND),
        np.where(case.kind == StayKind.REMAND_SERVING, case.serving_start, before_serving),
        decision,
    )
    code = np.where(case.is_trigger & (case.kind != StayKind.REMAND), prison, code)
    # After remand alone: time served, or a decision after release - suspended, or not guilty.
    outcome = choose_code(rng, {"88": 0.55, "4": 0.27, "11": 0.13, "72": 0.05}, n)
    outcome = np.where(case.is_first & ~is_guilty(outcome), _SUSPENDED, outcome)
    later = np.where(outcome == _SERVED_IN_REMAND, 0, rng.integers(0, 120, n))
    remanded = case.is_trigger & (case.kind == StayKind.REMAND)
    decision = np.where(remanded, np.minimum(case.release + later, NEVER), decision)
    return decision, np.where(remanded, outcome, code)


def _appeal(rng: np.random.Generator, scenario: Scenario, frame: pl.DataFrame) -> pl.DataFrame:
    n = frame.height
    decision, code = frame["decision"].to_numpy(), frame["code"].to_numpy()
    appealed = with_chance(rng, scenario.courts.appeal_share, n) & ~frame["is_trigger"].to_numpy()
    appealed &= np.isin(code, (1, 2, 4, 6, 81, 86, ACQUITTED)) & (decision < NEVER)
    turned = appealed & with_chance(rng, scenario.courts.appeal_turned_share, n)
    # The first of a series stays guilty in the end: there the acquittal comes first.
    first = frame["is_first"].to_numpy()
    other = np.where(code == ACQUITTED, _SUSPENDED, ACQUITTED)
    appeal = decision + rng.integers(1, 15, n)
    second = appeal + 10 + lognormal_days(rng, 120.0, 0.5, n)
    return frame.with_columns(
        pl.Series("code", np.where(turned & first, ACQUITTED, code)),
        pl.Series("appeal", np.where(appealed, appeal, NEVER)),
        pl.Series("second_decision", np.where(appealed, second, NEVER)),
        pl.Series("second_code", np.where(appealed, np.where(turned & ~first, other, code), -1)),
    )
