"""The editors' desk."""

from guide.admin import links, publications, reports, rows

__all__ = ["links", "publications", "reports", "rows"]
