"""Readers of delivered files: every format becomes pieces of text."""

__all__ = ()
