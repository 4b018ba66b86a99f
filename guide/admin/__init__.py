"""The editors' desk."""

from guide.admin import publications, reports, rows

__all__ = ["publications", "reports", "rows"]
