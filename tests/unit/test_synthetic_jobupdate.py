"""JobUpdate's list is drawn anew with every seed, and always has the published counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evalkit.synthetic import Truth, load_scenario, write_extracts


@pytest.fixture(scope="module", params=[(1, 500), (2, 20_000)], ids=["seed 1", "seed 2"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    seed, n_persons = request.param
    folder = tmp_path_factory.mktemp("jobupdate") / "extracts"
    return folder, write_extracts(folder, load_scenario("jobupdate"), n_persons=n_persons, seed=seed)


def referrals(folder: Path) -> pl.DataFrame:
    frame = pl.read_csv(folder / "jobupdate_henvisning.csv", infer_schema=False)
    return frame.with_columns(pl.col("HENVIST_DATO", "AFSLUTTET_DATO").str.to_date())


def test_only_the_list_is_written(written: tuple[Path, Truth]) -> None:
    folder, _ = written
    assert [path.name for path in folder.iterdir()] == ["jobupdate_henvisning.csv"]


def test_the_counts_are_those_of_the_document(written: tuple[Path, Truth]) -> None:
    """Slide "Konkrete resultater": 287 referred; 174, 52 and 22 ended; 85 % on benefits, 70 % returners.

    85.0 % of 287 is 243.95, 70.0 % is 200.9.
    """
    folder, truth = written
    frame = referrals(folder)
    assert frame.height == frame["PNR"].n_unique() == 287
    assert dict(frame.group_by("UDFALD").len().rows()) == {"positivt": 174, "uden_resultat": 52, "andet": 22, None: 39}
    assert (frame["OVERFOERSELSINDKOMST"] == "1").sum() == 244
    assert (frame["GENGANGER"] == "1").sum() == 201
    told = truth.referrals
    assert told is not None
    assert (told.n_referred, told.n_open, told.n_died) == (287, 39, (frame["ANDET_AARSAG"] == "doedsfald").sum())
    assert told.n_ended == {"positivt": 174, "uden_resultat": 52, "andet": 22}
    assert told.n_match_group_2_3 == frame["MATCHGRUPPE"].is_in(["2", "3"]).sum()
    assert (told.n_transfer_income, told.n_returners) == (244, 201)


def test_everything_happened_before_the_status_was_taken(written: tuple[Path, Truth]) -> None:
    frame = referrals(written[0])
    assert (frame["HENVIST_DATO"] < date(2013, 3, 1)).all()
    ended = frame.filter(pl.col("UDFALD").is_not_null())
    assert (ended["AFSLUTTET_DATO"] < date(2013, 3, 1)).all()
    assert (ended["AFSLUTTET_DATO"] >= ended["HENVIST_DATO"]).all()
    assert frame.filter(pl.col("UDFALD").is_null())["AFSLUTTET_DATO"].null_count() == 39
    assert (frame["ANDET_AARSAG"].is_not_null() == (frame["UDFALD"] == "andet").fill_null(value=False)).all()
