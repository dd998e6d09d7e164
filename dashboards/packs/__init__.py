"""The weekly review pack: one download with a PDF, an HTML page, a workbook and CSV files (W1)."""

from dashboards.packs.bundle import Pack, list_packs, make_pack

__all__ = ["Pack", "list_packs", "make_pack"]
