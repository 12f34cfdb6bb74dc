"""A figure that a notebook shows although nobody imported pyplot."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure

__all__ = ["ShownFigure"]


class ShownFigure(Figure):
    """A matplotlib figure without global state, which Jupyter draws.

    Jupyter draws plain figures only once pyplot is set up, and pyplot keeps every figure alive.
    """

    def _repr_png_(self) -> bytes:
        stream = BytesIO()
        self.savefig(stream, format="png", dpi=110)
        return stream.getvalue()
