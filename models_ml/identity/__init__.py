"""Who is who: ids that sources name together become one person (D2)."""

from models_ml.identity.resolve import IdentityReport, persons_if, resolve

__all__ = ["IdentityReport", "persons_if", "resolve"]
