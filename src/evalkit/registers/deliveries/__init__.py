"""What the warehouse remembers of deliveries, shows of them and seals."""

__all__ = ()
