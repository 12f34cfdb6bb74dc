"""SQL that types text by its contract and names the first rule that a row breaks."""

__all__ = ()
