"""Whether deliveries can be trusted: by their past, their persons and each other."""

__all__ = ()
