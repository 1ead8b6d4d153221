"""Inspections, by list and by day; slots; inspectors' time off."""

from inspector_whatsapp.admin.inspections import times, visits, who_came

__all__ = ["times", "visits", "who_came"]
