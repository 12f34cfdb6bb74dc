"""One small demo, run once, that the functional tests look at or copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from typer.testing import CliRunner, Result

from evalkit import api
from evalkit.cli import app

PERSONS = 8000

# No property is about the time that an example takes, and the default of 0.2 s fails on a busy machine.
settings.register_profile("evalkit", deadline=None)
settings.load_profile("evalkit")


@pytest.fixture(scope="session")
def demo_summary(tmp_path_factory: pytest.TempPathFactory) -> api.RunSummary:
    """Run the demo."""
    return api.demo(tmp_path_factory.mktemp("demo") / "evalkit-demo", persons=PERSONS, seed=7)


@pytest.fixture(scope="session")
def demo_folder(demo_summary: api.RunSummary) -> Path:
    """The folder of the finished demo; tests look and do not touch."""
    return demo_summary.report.parent


@pytest.fixture
def study_folder(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the demo's study and extracts that a test may break."""
    folder = tmp_path / "study"
    shutil.copytree(demo_folder / "extracts", folder / "extracts")
    shutil.copy(demo_folder / "study.toml", folder / "study.toml")
    return folder


@pytest.fixture
def evalkit() -> Callable[..., Result]:
    """Run the command line in this process."""

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return call
