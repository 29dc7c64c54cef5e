"""The ward of the audits, whose finished cases reports count."""

from tests.unit.audits.conftest import ward

__all__ = ["ward"]
