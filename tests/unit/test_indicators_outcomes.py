"""The set of measures beside the rate, the panel of definitions: by hand."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from evalkit.indicators import asked, definition_panel, frequency, reoffending_set, severity
from evalkit.results import Provenance

PROVENANCE = Provenance("test@0", date(2023, 7, 1), {}, "0")

# Comparison: 4 of 10 reoffended, 1, 1, 2 and 7 times. Pilot: 1 of 5, once.
OFTEN = pl.DataFrame(
    {
        "arm": ["comparison"] * 4 + ["pilot"] * 2,
        "n_reoffences": [0, 1, 2, 7, 0, 1],
        "n_persons": [6, 2, 1, 1, 4, 1],
    }
)
TIERS = pl.DataFrame(
    {
        "arm": ["comparison"] * 5 + ["pilot"] * 5,
        "tier": ["none", "custodial", "community", "fine", "other"] * 2,
        "n_persons": [6, 2, 1, 1, 0, 4, 0, 0, 1, 0],
    }
)
EXITS = pl.DataFrame(
    {
        "arm": ["comparison"] * 4 + ["pilot"] * 2,
        "entry_time": 0,
        "exit_time": [100, 200, 731, 400, 50, 731],
        "event_type": [1, 1, 0, 2, 1, 0],
        "n_persons": [2, 2, 5, 1, 1, 4],
    }
)


def test_five_times_and_more_is_one_row_and_no_row_is_missing() -> None:
    frame = frequency(OFTEN, PROVENANCE).tidy()
    assert frame.filter(pl.col("arm") == "comparison")["n_persons"].to_list() == [6, 2, 1, 0, 0, 1]
    assert frame.filter(pl.col("arm") == "pilot")["n_persons"].to_list() == [4, 1, 0, 0, 0, 0]
    assert frame.filter(pl.col("arm") == "pilot")["share"].to_list() == [0.8, 0.2, 0, 0, 0, 0]


def test_severity_adds_up_to_everyone() -> None:
    result = severity(TIERS, PROVENANCE)
    assert result.additive_over == ("tier",)
    assert result.tidy().group_by("arm").agg(pl.col("share").sum())["share"].to_list() == [1.0, 1.0]


def test_the_set_of_measures_by_hand() -> None:
    by_arm, contrast = reoffending_set(OFTEN, TIERS, EXITS, PROVENANCE, reference="comparison", treated="pilot")
    rows = {(row["arm"], row["measure"]): row for row in by_arm.tidy().iter_rows(named=True)}
    assert rows["comparison", "frequency"]["estimate"] == pytest.approx((2 * 1 + 2 + 7) / 10)
    assert rows["comparison", "custodial_rate"]["estimate"] == 2 / 10
    assert rows["comparison", "days_to_first"]["estimate"] == (2 * 100 + 2 * 200) / 4
    assert {row["n_persons"] for (arm, _), row in rows.items() if arm == "comparison"} == {10}
    assert [rows["comparison", measure]["n_counted"] for measure in ("frequency", "custodial_rate")] == [4, 2]
    # Wilson (1927) for 2 of 10: (0.0567, 0.5098), as in Newcombe (1998), Statistics in Medicine 17, 857-872.
    assert rows["comparison", "custodial_rate"]["conf_low"] == pytest.approx(0.0567, abs=5e-5)
    assert rows["comparison", "custodial_rate"]["conf_high"] == pytest.approx(0.5098, abs=5e-5)
    # The sample variance of 100, 100, 200, 200 is 10000/3: standard error 50/sqrt(3).
    half = 1.959964 * 50 / 3**0.5
    assert rows["comparison", "days_to_first"]["conf_low"] == pytest.approx(150 - half, abs=1e-4)
    assert rows["pilot", "days_to_first"]["estimate"] == 50
    assert rows["pilot", "days_to_first"]["conf_low"] is None
    differences = dict(contrast.tidy().select("measure", "estimate").iter_rows())
    assert differences["frequency"] == pytest.approx(0.2 - 1.1)
    assert differences["custodial_rate"] == pytest.approx(-0.2)
    assert differences["days_to_first"] is None
    assert dict(contrast.tidy().select("measure", "n_counted").iter_rows())["frequency"] == 5


def test_the_difference_of_two_shares_has_newcombes_interval() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10, (a): 56/70 - 48/80."""
    tiers = pl.DataFrame(
        {
            "arm": ["comparison"] * 2 + ["pilot"] * 2,
            "tier": ["none", "custodial"] * 2,
            "n_persons": [32, 48, 14, 56],
        }
    )
    often = pl.DataFrame({"arm": ["comparison", "pilot"], "n_reoffences": [1, 1], "n_persons": [80, 70]})
    _, contrast = reoffending_set(often, tiers, EXITS, PROVENANCE, reference="comparison", treated="pilot")
    row = contrast.tidy().filter(pl.col("measure") == "custodial_rate").row(0, named=True)
    assert row["estimate"] == pytest.approx(0.2)
    assert (row["conf_low"], row["conf_high"]) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_the_panel_reads_each_definition_at_its_own_horizon_for_the_same_persons() -> None:
    counts = pl.DataFrame(
        {
            "outcome": ["primary"] * 3 + ["short"] * 2 + ["fewer"] * 2,
            "arm": ["pilot"] * 7,
            "entry_time": 0,
            "exit_time": [100, 731, 731, 100, 366, 500, 731],
            "event_type": [1, 1, 0, 1, 0, 1, 0],
            "n_persons": [4, 1, 5, 4, 6, 2, 7],
        }
    )
    horizons = {"primary": 731, "short": 366, "fewer": 731}
    panel = definition_panel(counts, horizons, PROVENANCE, own="primary")
    frame = panel.tidy()
    assert frame["outcome"].to_list() == ["primary", "short", "fewer"]
    assert frame["estimate"].to_list() == [pytest.approx(0.5), pytest.approx(0.4), pytest.approx(2 / 9)]
    # Whom a definition leaves out is not told by the number of persons.
    assert frame["n_persons"].to_list() == [10, 10, 10]
    assert "n_events" not in frame.columns
    assert panel.plot().axes


def test_what_was_not_counted_is_not_shown() -> None:
    assert asked({"primary": 731, "bra": 1096}, ("primary", "moj_proven", "bra")) == {"primary": 731, "bra": 1096}
