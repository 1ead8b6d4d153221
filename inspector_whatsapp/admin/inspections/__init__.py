"""Inspections, by list and by day; slots; inspectors' time off; who is at a visit."""

from inspector_whatsapp.admin.inspections import safety, times, visits, who_came

__all__ = ["safety", "times", "visits", "who_came"]
