"""Run Python in a fresh Jupyter kernel.

The kernel is this interpreter, whatever kernels the machine knows, and nothing is written in the home folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

from evalkit.errors import ReportError

__all__ = ["Step", "run_steps"]

_TIMEOUT_SECONDS = 300
_SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Step:
    """One piece of Python to run.

    Parameters
    ----------
    name : str
        What to call it when it fails.
    source : str
        The code.
    """

    name: str
    source: str


def run_steps(steps: Sequence[Step], *, folder: Path) -> list[list[Mapping[str, Any]]]:
    """Run steps in order, in one kernel.

    Parameters
    ----------
    steps : sequence of Step
        The code.
    folder : Path
        The kernel's working folder.

    Returns
    -------
    list of list of mapping
        The outputs of each step, as in a notebook file.

    Raises
    ------
    ReportError
        When a step fails (its name and the kind of error, never a value), or the kernel does not start or dies.
    """
    notebook = _notebook(steps)
    with tempfile.TemporaryDirectory(prefix="evalkit-", ignore_cleanup_errors=True) as scratch:
        _lend_fonts(scratch)
        manager = _OwnInterpreter(connection_file=str(Path(scratch) / "kernel.json"))
        where = {"metadata": {"path": str(folder)}}
        # "immediate": a polite shutdown is now and then not heard and then costs three seconds
        client = NotebookClient(
            notebook, km=manager, timeout=_TIMEOUT_SECONDS, resources=where, shutdown_kernel="immediate"
        )
        with _named_failure(steps, notebook):
            client.execute(cleanup_kc=True, env=_environment(scratch), **_SILENT)
    return [list(cell.outputs) for cell in notebook.cells]


class _OwnInterpreter(AsyncKernelManager):
    """A kernel of the interpreter that is running, whatever kernels the machine knows."""

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-X", "frozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        quiet = ["--HistoryManager.enabled=False", "--InteractiveShell.colors=nocolor"]
        return KernelSpec(argv=[*command, *quiet], display_name="evalkit", language="python")


def _notebook(steps: Sequence[Step]) -> nbformat.NotebookNode:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"step-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": step.source,
        }
        for number, step in enumerate(steps)
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(content)  # type: ignore[no-untyped-call, no-any-return]  # nbformat has few types


def _lend_fonts(scratch: str) -> None:
    """Lend the kernel this process's list of fonts, which takes seconds to make where there are many."""
    for path in Path(mpl.get_cachedir()).glob("fontlist-*.json"):
        with contextlib.suppress(OSError):
            shutil.copy(path, scratch)


def _environment(scratch: str) -> dict[str, str]:
    own = {
        "IPYTHONDIR": scratch,
        "JUPYTER_CONFIG_DIR": scratch,
        "JUPYTER_RUNTIME_DIR": scratch,
        "MPLCONFIGDIR": scratch,
        "MPLBACKEND": "agg",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONWARNINGS": "ignore",
    }
    return os.environ | own


@contextlib.contextmanager
def _named_failure(steps: Sequence[Step], notebook: nbformat.NotebookNode) -> Iterator[None]:
    try:
        yield
    except (CellControlSignal, DeadKernelError, RuntimeError, OSError) as error:  # their text quotes values
        raise _failure(steps, notebook, type(error).__name__) from None


def _failure(steps: Sequence[Step], notebook: nbformat.NotebookNode, kind: str) -> ReportError:
    for step, cell in zip(steps, notebook.cells, strict=True):
        for output in cell.outputs:
            if output.output_type == "error":
                return ReportError(f"{step.name} failed: {output.ename}.", hint=_HINT)
    return ReportError(f"The report's Python kernel stopped: {kind}.", hint="Try again; see that memory is not short.")


_HINT = "Run the cell by itself in a notebook to see why."
