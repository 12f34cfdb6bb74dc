"""The door: what may leave the secure zone, and how it is written down."""

from __future__ import annotations

from evalkit.disclosure.bundle import write_bundle
from evalkit.disclosure.door import release, release_all
from evalkit.disclosure.policy import Policy, load_policy
from evalkit.disclosure.released import Audit, Released, audit

__all__ = ["Audit", "Policy", "Released", "audit", "load_policy", "release", "release_all", "write_bundle"]
