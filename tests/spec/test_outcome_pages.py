"""The pages in docs/definitions say what the presets and the tested examples say."""

from __future__ import annotations

from evalkit.outcomes import PRESETS, load_outcome
from evalkit.outcomes.sentences import explained
from tests.spec.outcome_examples import EXAMPLES
from tests.spec.outcome_pages import FOLDER, pages


def test_the_pages_are_what_the_presets_and_examples_make() -> None:
    for path, text in pages().items():
        assert path.read_text(encoding="utf-8") == text, "Run: python -m tests.spec.outcome_pages"


def test_no_page_is_left_of_a_preset_that_is_gone() -> None:
    written = {path.name for path in FOLDER.glob("outcome*.md")}
    assert written == {path.name for path in pages()}


def test_every_sentence_and_every_example_stands_on_its_page() -> None:
    for name in PRESETS:
        text = (FOLDER / f"outcome-{name}.md").read_text(encoding="utf-8")
        said = explained(load_outcome(name))
        assert all(f"- {sentence}\n" in text for sentence in (*said.en, *said.da))
        assert all(one.name[1:] in text and one.expected in text for one in EXAMPLES if one.preset == name)
