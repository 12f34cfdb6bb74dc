"""The words of a figure, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, isfinite, log10
from typing import Any

__all__ = ["CurveLabels"]

_MANY = 10_000  # from here on digits are grouped on an axis


@dataclass(frozen=True, slots=True)
class CurveLabels:
    """The words of a figure, in the reader's language.

    Parameters
    ----------
    title, x, y : str
        Title and names of the axes; empty for none.
    arms : mapping of str or int to str
        The machine name of an arm, a cause or a covariate to what the reader sees.
    n_at_risk, n_events, effective_at_risk : str
        Headings of the tables below.
    suppressed : str
        Sign for a number that is not published.
    decimal : str
        Decimal sign.
    thousands : str
        Sign between thousands.
    percent : str
        What follows a percentage.
    """

    title: str = ""
    x: str = ""
    y: str = ""
    arms: Mapping[Any, str] = field(default_factory=dict)
    n_at_risk: str = "At risk"
    n_events: str = "Events"
    effective_at_risk: str = "Effective number"
    suppressed: str = "<5"
    decimal: str = "."
    thousands: str = "\N{NARROW NO-BREAK SPACE}"
    percent: str = "\N{NO-BREAK SPACE}%"

    def of(self, name: object) -> str:
        """Return what the reader sees for a machine name.

        Parameters
        ----------
        name : str, int or float
            The machine name of an arm, a cause or a covariate.

        Returns
        -------
        str
            The word given for it, or the name itself.
        """
        return self.arms.get(name, str(name))

    def count(self, value: float) -> str:
        """Return a count for reading.

        Parameters
        ----------
        value : float
            Rounded to a whole number.

        Returns
        -------
        str
            With signs between thousands.

        Examples
        --------
        >>> CurveLabels(thousands=".").count(12345)
        '12.345'
        """
        return f"{round(float(value)):,}".replace(",", self.thousands)

    def number(self, value: float, *, is_share: bool = False, decimals: int | None = None) -> str:
        """Return an estimate for reading.

        Parameters
        ----------
        value : float
            The estimate.
        is_share : bool
            Whether it is a share, to be read in per cent.
        decimals : int, optional
            By default one of a percentage; else so many that three figures are seen.

        Returns
        -------
        str
            The number.

        Examples
        --------
        >>> CurveLabels().number(0.12345), CurveLabels(percent="%").number(0.12345, is_share=True)
        ('0.123', '12.3%')
        """
        if is_share:
            text = f"{100.0 * value:.{1 if decimals is None else decimals}f}{self.percent}"
        else:
            text = f"{value:.3g}" if decimals is None else f"{value:.{decimals}f}"
        return text.replace(".", self.decimal).replace("-", "\N{MINUS SIGN}")

    def interval(self, row: Mapping[str, Any], *, is_share: bool = False, is_ratio: bool = False) -> str:
        """Return an estimate with its limits for reading.

        Parameters
        ----------
        row : mapping
            With estimate, conf_low and conf_high; what is missing or no number is shown as a question mark.
        is_share : bool
            Whether they are shares, to be read in per cent.
        is_ratio : bool
            Whether they are ratios, whose lower limit is as worth reading as the upper.

        Returns
        -------
        str
            With as many decimals as the width of the interval is worth.

        Examples
        --------
        >>> CurveLabels().interval({"estimate": 1.0, "conf_low": 0.8712, "conf_high": 1.1876})
        '1.00 (0.87; 1.19)'
        """
        values = [row.get(name) for name in ("estimate", "conf_low", "conf_high")]
        known = [value for value in values if value is not None and isfinite(value)]
        decimals = _decimals(known, is_share=is_share, is_ratio=is_ratio) if known else 0
        estimate, low, high = (
            "?" if value is None or not isfinite(value) else self.number(value, is_share=is_share, decimals=decimals)
            for value in values
        )
        return f"{estimate} ({low}; {high})"

    def tick(self, value: float, *, is_share: bool) -> str:
        """Return the text of a tick, without figures that say nothing.

        Parameters
        ----------
        value : float
            Where the tick stands.
        is_share : bool
            Whether it is a share, to be read in per cent.

        Returns
        -------
        str
            For example ``"12.5 %"`` or ``"12.5"``.
        """
        if not is_share and value >= _MANY and value == round(value):
            return self.count(value)
        text = f"{round(100.0 * value, 6):g}" if is_share else f"{round(value, 9):g}"
        return text.replace(".", self.decimal).replace("-", "\N{MINUS SIGN}") + (self.percent if is_share else "")


def _decimals(values: Sequence[float], *, is_share: bool, is_ratio: bool) -> int:
    low, width = min(values), (100.0 if is_share else 1.0) * (max(values) - min(values))
    decimals = min(max(1 - floor(log10(width)), 0), 2 if is_share else 6) if width > 0 else 2
    return max(decimals, 2, min(1 - floor(log10(low)), 3) if low > 0 else 2) if is_ratio else decimals
