"""Somebody who has the whole bundle and adds and subtracts: named counts, and what they add up to."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MIN_CELL = 5
NEEDED = 4

Name = tuple[object, ...]
Sum = dict[Name, int]
"""Counts with their signs; they add up to 0."""


class Attacker:
    """Collects named counts and what they add up to; a name seen in two tables is one count."""

    def __init__(self) -> None:
        self.known: dict[Name, int] = {}
        self.ends: dict[Name, tuple[float, float]] = {}
        self.sums: list[Sum] = []

    def read(self, name: Name, value: int | None, status: str) -> None:
        if status == "published":
            assert value is not None
            assert self.known.setdefault(name, value) == value, f"{name}: two tables disagree"
        elif status == "suppressed_primary":
            self.ends[name] = (1, MIN_CELL - 1)
        elif status == "suppressed_secondary":
            self.ends.setdefault(name, (0, math.inf))

    def add_up(self, total: Sequence[Name], parts: Sequence[Name]) -> None:
        self.sums.append(dict.fromkeys(total, 1) | dict.fromkeys(parts, -1))

    def among(self, total: Sequence[Name], parts: Sequence[Name]) -> Name:
        """The parts are some of the total; who is left over is a count too."""
        rest: Name = ("rest of", *total, "less", *parts)
        self.add_up(total, [*parts, rest])
        return rest

    def n_values(self, sought: Name) -> float:
        """Count the whole numbers between the least and the greatest that a count can be."""
        if sought in self.known:
            return 1
        names = self._tied_to(sought)
        if names == [sought] and not any(sought in one for one in self.sums):
            return self.ends[sought][1] - self.ends[sought][0] + 1
        ends = [self.ends.get(name, (0, math.inf)) for name in names]
        rows = [one for one in self.sums if any(name in one for name in names)]
        left = np.array([[one.get(name, 0) for name in names] for one in rows], dtype=float)
        right = np.array([-sum(sign * self.known.get(name, 0) for name, sign in one.items()) for one in rows])
        aim = np.array([float(name == sought) for name in names])
        answers = [
            milp(
                sign * aim,
                constraints=LinearConstraint(left, right, right),
                integrality=np.ones(len(names), dtype=np.int64),
                bounds=Bounds(np.array([low for low, _ in ends]), np.array([min(high, 1e5) for _, high in ends])),
            )
            for sign in (1, -1)
        ]
        assert all(answer.status == 0 for answer in answers), "the true counts are no solution"
        least, negative = (float(answer.fun) for answer in answers if answer.fun is not None)
        return round(-negative) - round(least) + 1

    def _tied_to(self, sought: Name) -> list[Name]:
        found, frontier = {sought}, [sought]
        while frontier:
            name = frontier.pop()
            for one in self.sums:
                if name in one:
                    new = {other for other in one if other not in self.known} - found
                    found |= new
                    frontier.extend(new)
        return sorted(found, key=repr)
