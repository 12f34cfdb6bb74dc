"""The way of one register's files into the warehouse."""

__all__ = ()
