"""Stamps, expected completeness and adjusted risk; and what the guard refuses, shown on a made-up twin."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from evalkit.errors import DefinitionError
from evalkit.indicators import maturity
from evalkit.outcomes import OutcomeDefinition, load_outcome
from evalkit.results import Provenance
from evalkit.shipped import shipped
from evalkit.study import load_study
from evalkit.survival import LifeTable, kaplan_meier

PROVENANCE = Provenance("test@0", date(2023, 7, 1), {}, "0")
MOJ = load_outcome("moj_proven")


def recognition(*rows: tuple[date, int | None, int]) -> pl.DataFrame:
    schema = {"index_date": pl.Date, "recognised_after_days": pl.Int64, "n_persons": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def stamped(counts: pl.DataFrame, vintage: date, outcome: OutcomeDefinition = MOJ) -> dict[str, dict[str, object]]:
    frame = maturity(counts, outcome, vintage, PROVENANCE).tidy()
    return {str(row["quarter"]): row for row in frame.iter_rows(named=True)}


def test_a_quarter_is_final_when_the_last_decision_can_be_in() -> None:
    """Released on 1 July 2021, a year and six months: decisions up to 1 January 2023 count."""
    counts = recognition((date(2021, 7, 1), 100, 3), (date(2021, 7, 1), None, 7))
    final = stamped(counts, date(2023, 1, 2))["2021 Q3"]
    assert (final["stamp"], final["completeness"], final["n_persons"]) == ("final", 1.0, 10)
    assert final["estimate"] == pytest.approx(0.3)
    # A day earlier it is not, and there is no older quarter to learn the delay from.
    assert stamped(counts, date(2023, 1, 1))["2021 Q3"]["stamp"] == "too_early"


def test_the_newer_quarter_is_adjusted_by_what_the_older_one_shows() -> None:
    """Of the older ten events half are known within 200 days, and the newer persons were seen for 250 days.

    Beyond 250 days five of ten: half are known by then. Of the newer, 4 of 20 are known; twice that is expected.
    """
    old, new, vintage = date(2020, 1, 1), date(2022, 1, 1), date(2022, 9, 9)
    counts = recognition((old, 200, 5), (old, 300, 5), (old, None, 10), (new, 200, 4), (new, None, 16))
    found = stamped(counts, vintage, MOJ.model_copy(update={"provisional_from": 0.4}))
    newer = found["2022 Q1"]
    # Reverse time: at 300 days 5 events of the 10 that could be so long; the newer ones could not.
    assert (newer["stamp"], newer["completeness"]) == ("provisional", pytest.approx(0.5))
    assert newer["estimate"] == pytest.approx(4 / 20 / 0.5)
    spread = 1.959964 * ((1 - 4 / 20) / 4 + 5 / (10 * 5)) ** 0.5
    assert newer["conf_low"] == pytest.approx(0.4 * np.exp(-spread), rel=1e-5)
    assert newer["conf_high"] == pytest.approx(min(0.4 * np.exp(spread), 1), rel=1e-5)
    early = stamped(counts, vintage)["2022 Q1"]
    assert (early["stamp"], early["estimate"]) == ("too_early", None)


def made_up(rng: np.random.Generator, n: int, vintage: date) -> tuple[pl.DataFrame, float]:
    """Releases of three years; 40 of 100 reoffend within a year and are convicted, most within six months more."""
    first = date(2019, 1, 1)
    index = rng.integers(0, 3 * 365, n)
    is_event = rng.random(n) < 0.4
    known_after = rng.integers(1, 366, n) + np.minimum(rng.exponential(90, n).astype(int), 180)
    age = np.array([(vintage - first).days]) - index
    seen = is_event & (known_after < age)
    frame = pl.DataFrame(
        {
            "index_date": [first + timedelta(int(day)) for day in index],
            "recognised_after_days": pl.Series(np.where(seen, known_after, 0)).replace(0, None),
        }
    )
    return frame.group_by("index_date", "recognised_after_days").len("n_persons").sort("index_date"), 0.4


def test_the_adjusted_risk_finds_the_planted_one_where_the_plain_share_does_not() -> None:
    """200 made-up worlds: the last quarter that is provisional, its mean and the coverage of its interval."""
    rng = np.random.default_rng(5)
    vintage = date(2022, 7, 1)
    covered, estimates, plain = [], [], []
    for _ in range(200):
        counts, truth = made_up(rng, 6000, vintage)
        row = stamped(counts, vintage, MOJ.model_copy(update={"provisional_from": 0.5}))["2021 Q3"]
        assert row["stamp"] == "provisional"
        estimate, low, high = (float(str(row[name])) for name in ("estimate", "conf_low", "conf_high"))
        estimates.append(estimate)
        plain.append(estimate * float(str(row["completeness"])))
        covered.append(low <= truth <= high)
    assert np.mean(estimates) == pytest.approx(0.4, abs=0.01)
    assert np.mean(plain) < 0.37
    # 95 per cent of 200 has a standard deviation of 1.5 per cent.
    assert 0.905 <= np.mean(covered) <= 0.995


def test_dropping_those_who_were_not_followed_for_two_years_inflates_the_rate() -> None:
    """The trap of the COMPAS files: who reoffended is kept whenever released, who did not only if followed long enough.

    40 of 100 reoffend within two years, evenly. A third of the releases lie in the last year before the data end.
    """
    rng = np.random.default_rng(7)
    n, two_years = 60_000, 730
    followed = rng.integers(1, 3 * 365, n)
    day = np.where(rng.random(n) < 0.4, rng.integers(1, two_years + 1, n), 10**6)
    is_seen = day <= np.minimum(followed, two_years)
    kept = is_seen | (followed >= two_years)
    trapped = is_seen[kept].mean()
    exit_time, event = np.where(is_seen, day, np.minimum(followed, two_years)), is_seen.astype(int)
    times, counts = np.unique(np.stack([exit_time, event]), axis=1, return_counts=True)
    curve = kaplan_meier(LifeTable.from_counts(times[0], times[1], counts))
    honest = 1 - float(curve.tidy([two_years])["estimate"][0])
    assert honest == pytest.approx(0.4, abs=0.01)
    assert trapped > 0.5


def test_a_study_that_would_have_to_drop_them_is_refused() -> None:
    study = shipped("reports") / "haandholdt_inklusion" / "study.toml"
    with pytest.raises(DefinitionError, match="complete only before"):
        load_study(study, as_of=date(2021, 1, 1))


def test_it_can_be_asked_for_as_provisional(tmp_path: Path) -> None:
    text = (shipped("reports") / "haandholdt_inklusion" / "study.toml").read_text(encoding="utf-8")
    changed = tmp_path / "study.toml"
    changed.write_text(text.replace('preset = "dst_two_year"', 'preset = "dst_two_year"\nimmature = "provisional"'))
    outcome = load_study(changed, as_of=date(2021, 1, 1)).outcome
    assert outcome is not None
    assert outcome.observed_before(date(2021, 1, 1)) == date(2020, 1, 1)
