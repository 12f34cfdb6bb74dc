"""A figure that a notebook shows although nobody imported pyplot, and that says in words what it shows."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

__all__ = ["ShownFigure"]


class ShownFigure(Figure):
    """A matplotlib figure without global state, which Jupyter draws with an alternative text.

    Jupyter draws plain figures only once pyplot is set up, and pyplot keeps every figure alive. The text stands in the
    notebook's metadata of the image, where conversion to HTML looks for it.

    Attributes
    ----------
    alt_text : str
        What the figure shows, for a reader who does not see it.
    """

    alt_text: str = ""

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        del include, exclude  # Jupyter picks what it wants
        stream = BytesIO()
        self.savefig(stream, format="png", dpi=110)
        image = b64encode(stream.getvalue()).decode("ascii")
        return {"image/png": image, "text/plain": repr(self)}, {"image/png": {"alt": self.alt_text}}
