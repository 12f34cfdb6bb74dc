"""What a register layout promises and what a study says of its extracts."""

__all__ = ()
