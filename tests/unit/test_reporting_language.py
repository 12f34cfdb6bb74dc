"""Both languages are complete, and numbers and dates are written as their readers write them."""

from __future__ import annotations

import re
import string
from datetime import date
from pathlib import Path

import pytest

import evalkit.reporting
from evalkit.errors import ReportError
from evalkit.reporting.language import LANGUAGES, load_language

SPELT_ALIKE = {
    "alt.dot",
    "alt.stack",
    "arm_short.pilot",
    "axis.at_risk",
    "column.layout",
    "column.model",
    "column.n_at_risk",
    "column.state",
    "definition.fingerprint",
    "model.cox_efron",
    "provenance.version",
}
SOURCE = Path(evalkit.reporting.__file__).parent


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_danish_and_english_have_the_same_keys_and_blanks() -> None:
    danish, english = (load_language(code).texts for code in LANGUAGES)
    assert danish.keys() == english.keys()
    assert len(danish) > 250
    for key in danish:
        assert danish[key], key
        assert english[key], key
        assert blanks(danish[key]) == blanks(english[key]), key


def test_no_text_is_the_same_in_both_languages_by_oversight() -> None:
    danish, english = (load_language(code).texts for code in LANGUAGES)
    same = {key for key in danish if danish[key] == english[key] and re.search(r"[a-zæøå]{4}", danish[key])}
    assert same <= SPELT_ALIKE


def test_every_text_that_the_code_names_exists() -> None:
    texts = load_language("da").texts
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    named = set(re.findall(r'text\(\s*"([a-z_]+\.[a-z_]+)"', code))
    assert len(named) > 60
    assert named <= texts.keys()


def test_texts_never_say_that_there_is_no_effect() -> None:
    for code in LANGUAGES:
        for key, text in load_language(code).texts.items():
            assert not re.search(
                r"ingen effekt|no effect|virker ikke|does not work|beviser|proves", text, re.IGNORECASE
            ), key


@pytest.mark.parametrize(
    ("code", "value", "decimals", "written"),
    [
        ("da", 1234.5, 1, "1.234,5"),
        ("en", 1234.5, 1, "1,234.5"),
        ("da", 10444, 0, "10.444"),
        ("da", -0.04, 1, "0,0"),
        ("da", -7.85, 1, "\N{MINUS SIGN}7,8"),
        ("en", -658.7477, 4, "\N{MINUS SIGN}658.7477"),
    ],
)
def test_numbers(code: str, value: float, decimals: int, written: str) -> None:
    assert load_language(code).number(value, decimals) == written


def test_percentages() -> None:
    assert load_language("da").percent(0.1234) == "12,3\N{NO-BREAK SPACE}%"
    assert load_language("en").percent(0.1234) == "12.3%"


def test_dates() -> None:
    assert load_language("da").day("2023-07-01") == "1. juli 2023"
    assert load_language("en").day(date(2023, 7, 1)) == "1 July 2023"


@pytest.mark.parametrize(
    ("share", "whole"), [(0.585, 59), (0.5849, 58), (-0.085, -9), (-0.004, 0), (0.0, 0), (1.0, 100)]
)
def test_per_hundred_rounds_halves_away_from_zero(share: float, whole: int) -> None:
    assert load_language("da").per_hundred(share) == whole


def test_a_small_p_value_is_not_zero() -> None:
    assert load_language("da").p_value(0.00001, 3) == "<0,001"
    assert load_language("en").p_value(0.0501, 4) == "0.0501"


def test_a_machine_name_without_words_is_made_readable() -> None:
    assert load_language("da").label("reason", "not_in_register") == "Not in register"
    assert load_language("da").label("reason", "age") == "Gammel nok på løsladelsesdagen"


def test_other_languages_and_unknown_texts_are_refused() -> None:
    with pytest.raises(ReportError, match="'nb': evalkit writes da, en"):
        load_language("nb")
    with pytest.raises(ReportError, match=r"no text 'no\.such'"):
        load_language("da").text("no.such")
    with pytest.raises(ReportError, match=r"people\.text"):
        load_language("da").text("people.text", n_treated=1)
