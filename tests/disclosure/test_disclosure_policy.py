"""Policies: the shipped ones say what they do, and a custodian's own is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.disclosure import Policy, load_policy
from evalkit.errors import ConfigError

OWN = """
name = "dst_min3"
min_cell = 3
[title]
da = "Mindst 3"
en = "At least 3"
[statement]
da = "Antal under 3 er skjult."
en = "Counts under 3 are suppressed."
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_standard_hides_one_to_four(standard: Policy) -> None:
    assert [count for count in range(8) if standard.is_small(count)] == [1, 2, 3, 4]
    assert standard.required_values == 4
    assert standard.max_rows == 5000


def test_public_data_hides_nothing_and_says_so(public_data: Policy) -> None:
    assert not any(public_data.is_small(count) for count in range(8))
    assert public_data.already_public
    assert "publicly available already" in public_data.statement.en
    assert "offentligt tilgængelige i forvejen" in public_data.statement.da
    assert public_data.decimals is None


def test_a_custodians_own_policy_is_a_file(tmp_path: Path) -> None:
    own = load_policy(write(tmp_path, OWN))
    assert [count for count in range(5) if own.is_small(count)] == [1, 2]
    assert own.fingerprint != load_policy("standard").fingerprint


def test_zeros_count_as_small_when_the_policy_says_so(tmp_path: Path) -> None:
    own = load_policy(write(tmp_path, OWN.replace("min_cell = 3", "min_cell = 3\nzeros_are_disclosive = true")))
    assert [count for count in range(5) if own.is_small(count)] == [0, 1, 2]


def test_an_unknown_name_lists_the_shipped_ones() -> None:
    with pytest.raises(ConfigError, match="Shipped policies are public_data, standard"):
        load_policy("standart")


def test_a_missing_file_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_policy(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("min_cell = 0", "suppresses nothing"),
        ("min_cell = 1", "suppresses nothing"),
        ("min_cell = 2", "hiding tells the number"),
        ("min_cell = 5\nmin_interval = 5", "at most min_cell - 1"),
        ("min_cel = 5", "min_cel: this key is not known"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(tmp_path: Path, change: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_policy(write(tmp_path, OWN.replace("min_cell = 3", change)))
