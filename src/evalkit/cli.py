"""The command line."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from evalkit import api
from evalkit.api import Language, RunSummary
from evalkit.doctor import diagnose
from evalkit.errors import EvalkitError, UserError
from evalkit.programmes import PROGRAMMES

__all__ = ["app", "main"]

app = typer.Typer(
    name="evalkit",
    help="Register extracts in, an evaluation report out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error (it can hold values).")]

_Programme = Annotated[str, typer.Option(help=f"One of {', '.join(PROGRAMMES)}.", metavar="NAME")]
_Persons = Annotated[int, typer.Option(min=500, help="Persons in the registers.")]
_Seed = Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")]

_BUG = 70
_DISK = 74


@app.callback(invoke_without_command=True)
def _evalkit(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"evalkit {installed_version('evalkit')}")
        raise typer.Exit


@app.command()
def demo(
    output: Annotated[
        Path | None, typer.Option(help="Folder for extracts and results; evalkit-demo and the name if not given.")
    ] = None,
    programme: _Programme = "haandholdt_inklusion",
    persons: _Persons = 20_000,
    lang: Annotated[Language, typer.Option(help="Language of the report.")] = "da",
    seed: _Seed = 1,
    debug: _Debug = False,
) -> None:
    """Make synthetic registers of a programme and take them to its report; needs nothing else."""
    with _errors(debug=debug), _progress() as bar:
        summary = api.demo(output, programme=programme, persons=persons, seed=seed, language=lang, progress=bar)
    _say(summary)


@app.command()
def run(
    study: Annotated[Path, typer.Argument(help="The study file, study.toml.", metavar="STUDY.toml")],
    output: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Build what was known on this day.", metavar="DATE")
    ] = None,
    lang: Annotated[Language | None, typer.Option(help="Language of the report; the study's own if not given.")] = None,
    debug: _Debug = False,
) -> None:
    """Take a study from its register extracts to its report."""
    with _errors(debug=debug), _progress() as bar:
        summary = api.run(study, output, as_of=as_of.date() if as_of else None, language=lang, progress=bar)
    _say(summary)


@app.command()
def synth(
    output: Annotated[Path, typer.Option(help="Folder for the extracts and a study file.")],
    programme: _Programme = "haandholdt_inklusion",
    persons: _Persons = 20_000,
    lang: Annotated[Language, typer.Option(help="Language of the study.")] = "da",
    seed: _Seed = 1,
    debug: _Debug = False,
) -> None:
    """Write synthetic register extracts of a programme with its study file beside them."""
    with _errors(debug=debug), _progress() as bar:
        study_file = api.synth(output, programme=programme, persons=persons, seed=seed, language=lang, progress=bar)
    typer.echo(f"Study: {study_file}")


@app.command()
def new(
    programme: Annotated[str, typer.Argument(help=f"One of {', '.join(PROGRAMMES)}.", metavar="PROGRAMME")],
    folder: Annotated[Path, typer.Argument(help="The folder to write.", metavar="DIR")],
    debug: _Debug = False,
) -> None:
    """Write a study folder for a programme; nothing is written over."""
    with _errors(debug=debug):
        written = api.new(programme, folder)
    for path in written:
        typer.echo(f"Wrote: {path}")
    typer.echo(f"Put the extracts in {folder / 'extracts'}, then: evalkit run {folder / 'study.toml'}")


@app.command()
def check(
    study: Annotated[Path, typer.Argument(help="The study file, study.toml.", metavar="STUDY.toml")],
    debug: _Debug = False,
) -> None:
    """Check a study file and its extracts; nothing is written."""
    with _errors(debug=debug):
        typer.echo(api.check(study))


@app.command()
def explain(
    outcome: Annotated[str, typer.Argument(help="A preset's name, or a study file.", metavar="OUTCOME")],
    language: Annotated[Language, typer.Option(help="Language of the text.")] = "da",
    debug: _Debug = False,
) -> None:
    """Say in plain words what counts as reoffending, and why each choice is made."""
    with _errors(debug=debug):
        typer.echo(api.explain(outcome, language=language))


@app.command()
def seal(
    output: Annotated[Path, typer.Argument(help="The output folder of a run.", metavar="FOLDER")],
    debug: _Debug = False,
) -> None:
    """Drop the delivered pseudonyms from a run's warehouse for good."""
    with _errors(debug=debug):
        api.seal(output)
    typer.echo("Sealed: the pseudonyms are gone. Reports can be built on; no further extract can be taken in.")


@app.command()
def doctor(
    output: Annotated[Path, typer.Option(help="Folder where results are to go.")] = Path(),
) -> None:
    """Say what this machine has: versions, engines, encryption, rights and space."""
    found = diagnose(output)
    for one in found:
        typer.echo(f"{'ok ' if one.good else 'NO '} {one.name}: {one.text}")
    raise typer.Exit(0 if all(one.good for one in found) else 1)


def main() -> None:
    """Run the command line."""
    app()


def _say(summary: RunSummary) -> None:
    delivered = sum(one.n_delivered for one in summary.deliveries)
    set_aside, out = (sum(getattr(one, n) for one in summary.deliveries) for n in ("n_quarantined", "n_out_of_scope"))
    n_files = sum(len(one.files) for one in summary.deliveries)
    skipped = sum(one.skipped for one in summary.model_runs)
    typer.echo(
        f"{delivered:,} rows in {n_files} files, {set_aside:,} set aside, {out:,} that cannot be followed; "
        f"{len(summary.model_runs)} models, {skipped} unchanged."
    )
    for line in summary.headlines:
        typer.echo(f"- {line}")
    typer.echo(f"Report: {summary.report}")


@contextlib.contextmanager
def _errors(*, debug: bool) -> Iterator[None]:
    """Turn an error into one line and its exit code."""
    try:
        yield
    except UserError as error:
        if debug:
            raise
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(error.exit_code) from None
    except OSError as error:
        if debug:
            raise
        where = f" {error.filename}:" if error.filename else ""
        typer.echo(
            f"Error:{where} {error.strerror or type(error).__name__}. Check the folder, its rights and the disk.",
            err=True,
        )
        raise typer.Exit(_DISK) from None
    except Exception as error:
        if debug:
            raise
        code = error.exit_code if isinstance(error, EvalkitError) else _BUG
        typer.echo(
            f"Error: a bug in evalkit ({type(error).__name__}). Run again with --debug where the text may be seen, "
            "and report it.",
            err=True,
        )
        raise typer.Exit(code) from None


@contextlib.contextmanager
def _progress() -> Iterator[api.Progress]:
    """Show what is being done on a terminal; stay quiet anywhere else."""
    console = Console(stderr=True)
    if not (console.is_terminal and sys.stderr.isatty()):
        yield lambda _: None
        return
    columns = (TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=1.0)

        def show(part: str) -> None:
            reached = max(share for prefix, share in _STAGES if part.startswith(prefix))
            done = progress.tasks[0].completed
            progress.update(task, description=part, completed=max(reached, done))

        yield show


# How far the work has come, as a share of a demo's time, when a part with this name begins.
_STAGES = (
    ("", 0.0),
    ("read", 0.3),
    ("core", 0.5),
    ("analysis", 0.6),
    ("results", 0.7),
    ("disclosure", 0.72),
    ("report", 0.75),
)
