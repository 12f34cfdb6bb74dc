"""Where a person is on a day: look-ups in sorted spells that do not overlap within a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.synthetic.days import NEVER, Bools, Ints

__all__ = ["Spells", "sorted_spells"]

_REACH = 2 * NEVER


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells of persons, half-open, sorted by person and start, without overlap.

    Parameters
    ----------
    key : int array, shape (n_spells,)
        Person and start in one number that sorts.
    person, start, stop : int array, shape (n_spells,)
        Who, from when, until when; NEVER where a spell is open.
    """

    key: Ints
    person: Ints
    start: Ints
    stop: Ints

    def last_until(self, person: Ints, day: Ints) -> tuple[Ints, Bools]:
        """Find each person's last spell that starts on a day or before.

        Parameters
        ----------
        person, day : int array, shape (n,)
            Who and when.

        Returns
        -------
        tuple of int array and bool array
            Places of the spells, and whether there is one.
        """
        place = np.searchsorted(self.key, person * _REACH + day, side="right") - 1
        safe = np.maximum(place, 0)
        found = (place >= 0) & (self.person[safe] == person) if self.person.size else np.zeros(person.size, np.bool_)
        return safe, found

    def contain(self, person: Ints, day: Ints) -> Bools:
        """Say whether the day lies in one of the person's spells.

        Parameters
        ----------
        person, day : int array, shape (n,)
            Who and when.

        Returns
        -------
        bool array, shape (n,)
            True inside a spell.
        """
        return self.touch(person, day, day + 1)

    def touch(self, person: Ints, start: Ints, stop: Ints) -> Bools:
        """Say whether ``[start, stop)`` meets one of the person's spells.

        Parameters
        ----------
        person, start, stop : int array, shape (n,)
            Who and when.

        Returns
        -------
        bool array, shape (n,)
            True where they have a day in common.
        """
        place, found = self.last_until(person, stop - 1)
        if not self.person.size:
            return found
        return found & (self.stop[place] > start)

    def next_start(self, person: Ints, day: Ints) -> Ints:
        """Find the start of each person's first spell on a day or after.

        Parameters
        ----------
        person, day : int array, shape (n,)
            Who and when.

        Returns
        -------
        int array, shape (n,)
            Days; NEVER where there is none.
        """
        if not self.person.size:
            return np.full(person.size, NEVER, np.int64)
        place = np.searchsorted(self.key, person * _REACH + day, side="left")
        safe = np.minimum(place, self.person.size - 1)
        found = (place < self.person.size) & (self.person[safe] == person)
        return np.where(found, self.start[safe], NEVER)


def sorted_spells(person: Ints, start: Ints, stop: Ints) -> Spells:
    """Make look-ups of spells.

    Parameters
    ----------
    person, start, stop : int array, shape (n_spells,)
        Who, from when, until when (half-open; NEVER where open). Empty spells are left out.

    Returns
    -------
    Spells
        Sorted by person and start.
    """
    real = stop > start
    person, start, stop = person[real], start[real], stop[real]
    key = person * _REACH + start
    order = np.argsort(key, kind="stable")
    return Spells(key[order], person[order], start[order], stop[order])
