"""Completeness in reverse time: by hand in fractions, and on simulated delays whose truth is known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from evalkit.errors import EstimationError
from evalkit.survival.reverse_time import completeness


def test_by_hand() -> None:
    """Four delays, seen up to 1, 2, 3 and 3 units after their starts.

    Of length 3: one of the two that could be so long; so 1/2 are at most 2. Of length 2, among those of at most 2 that
    could have been seen with 2: one of two; so 1/2 x 1/2 are at most 1.
    """
    curve = completeness(delay=[1, 2, 1, 3], limit=[1, 2, 3, 3])
    shares = [Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(1)]
    assert curve.share_by([0, 1, 2, 3, 9]).tolist() == pytest.approx([float(share) for share in shares])
    assert curve.n_at_risk.tolist() == [2, 2, 2]
    # Greenwood: d / (n (n - d)) over what lies beyond: 1/2 beyond 2, 1/2 + 1/2 beyond 1.
    assert curve.log_variance_by([1, 2, 3]).tolist() == [1.0, 0.5, 0.0]


def test_without_truncation_it_is_the_empirical_distribution() -> None:
    delays = [3, 1, 4, 1, 5]
    curve = completeness(delays, [99] * 5)
    assert curve.share_by([1, 3, 4, 5]).tolist() == pytest.approx([2 / 5, 3 / 5, 4 / 5, 1])


def test_persons_who_are_alike_can_be_counted_together() -> None:
    alone = completeness([1, 1, 2, 3, 3], [2, 2, 3, 3, 3])
    together = completeness([1, 2, 3], [2, 3, 3], [2, 1, 2])
    assert alone.share_by([0, 1, 2, 3]).tolist() == together.share_by([0, 1, 2, 3]).tolist()


def test_it_does_not_believe_the_newest_who_are_seen_only_when_quick() -> None:
    """Exponential delays with mean 300 days, starts spread over 1,000 days before the data end."""
    rng = np.random.default_rng(11)
    ages = rng.integers(1, 2000, 40_000)
    delays = np.ceil(rng.exponential(300, ages.size)).astype(int)
    seen = delays <= ages
    truth = (1 - np.exp(-np.array([100, 365, 730]) / 300)) / (1 - np.exp(-2000 / 300))
    found = completeness(delays[seen], ages[seen]).share_by([100, 365, 730])
    naive = np.array([(delays[seen] <= day).mean() for day in (100, 365, 730)])
    assert np.abs(found - truth).max() < 0.01
    assert (naive - truth).max() > 0.03


def test_no_delay_and_impossible_delays_are_refused() -> None:
    with pytest.raises(EstimationError, match="there is no delay"):
        completeness([], [])
    with pytest.raises(EstimationError, match="1 delays are longer"):
        completeness([5, 2], [4, 2])
