"""The pages of stays, cohorts and covariates say what the definitions and the tested examples say."""

from __future__ import annotations

from evalkit.cohorts.covariates import covariates
from tests.spec.cohort_examples import COHORT, STAYS
from tests.spec.cohort_pages import FOLDER, pages


def test_the_pages_are_what_the_definitions_and_examples_make() -> None:
    for path, text in pages().items():
        assert path.read_text(encoding="utf-8") == text, "Run: python -m tests.spec.cohort_pages"


def test_every_example_stands_on_its_page() -> None:
    for name, examples in (("stays", STAYS), ("cohort", COHORT)):
        text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        assert all(one.name[1:] in text and all(row in text for row in one.expected) for one in examples)


def test_every_covariate_stands_on_its_page() -> None:
    text = (FOLDER / "covariates.md").read_text(encoding="utf-8")
    assert [name for name in covariates() if f"| `{name}` |" not in text] == []
