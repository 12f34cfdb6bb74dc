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
    with pytest.raises(ConfigError, match="Shipped are: haandholdt_inklusion"):
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
