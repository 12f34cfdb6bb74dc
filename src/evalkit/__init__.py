"""evalkit: register extracts in, an evaluation that people can act on out."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("evalkit")
