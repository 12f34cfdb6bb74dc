"""A scenario is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.shipped import shipped
from evalkit.synthetic import load_scenario

SHIPPED = shipped("synthetic_data") / "scenarios" / "haandholdt_inklusion.toml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "scenario.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_shipped_scenario_has_the_98_municipalities_and_two_pilots() -> None:
    scenario = load_scenario("haandholdt_inklusion")
    names = {code: name for code, name, _ in scenario.municipalities}
    assert len(names) == 98
    assert [names[code] for code in scenario.geography.pilots] == ["Holbæk", "Horsens"]
    assert (names["101"], names["751"], names["851"]) == ("København", "Aarhus", "Aalborg")


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"Shipped are: .*haandholdt_inklusion"):
        load_scenario("haandholdt")


def test_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"programme\.ofer_share: this key is not known"):
        load_scenario(changed(tmp_path, "\noffer_share", "\nofer_share"))


def test_a_pilot_that_is_no_municipality_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no municipality has the code 999"):
        load_scenario(changed(tmp_path, 'pilots = ["316", "615"]', 'pilots = ["316", "999"]'))


def test_dates_out_of_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must follow each other"):
        load_scenario(changed(tmp_path, "window_end = 2020-01-01", "window_end = 2015-01-01"))


def based(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(f'based_on = "haandholdt_inklusion"\nname = "mine"\n{text}', encoding="utf-8")
    return path


def test_a_scenario_based_on_another_says_only_what_it_changes(tmp_path: Path) -> None:
    mine = load_scenario(based(tmp_path, "[custody]\ntransfers_mean = 1.5\nkinds = { remand = 0.5 }\n"))
    shipped_one = load_scenario("haandholdt_inklusion")
    assert (mine.name, mine.custody.transfers_mean, mine.custody.kinds["remand"]) == ("mine", 1.5, 0.5)
    # Key by key: what stands beside a changed key is as it was.
    assert mine.custody.kinds["home"] == shipped_one.custody.kinds["home"]
    assert mine.courts == shipped_one.courts
    assert mine.fingerprint != shipped_one.fingerprint


def test_a_misspelt_key_over_another_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml: 1 finding: custody\.transfer_mean: this key is not known"):
        load_scenario(based(tmp_path, "[custody]\ntransfer_mean = 1.5\n"))


def test_an_unknown_base_is_answered_with_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('based_on = "nothing"\nname = "mine"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"based_on: there is no scenario nothing\. Shipped are: .*jobupdate"):
        load_scenario(path)


def test_a_base_that_has_a_base_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('based_on = "jobupdate"\nname = "mine"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="jobupdate is itself based on another"):
        load_scenario(path)


def test_a_kind_without_its_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a scenario of kind jobupdate needs a table jobupdate"):
        load_scenario(based(tmp_path, 'kind = "jobupdate"\n'))
