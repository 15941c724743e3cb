"""The outlets of the embedded default: finished work as files that only their owner reads."""

from connectors.outlet_files.calendar import IcsCalendar
from connectors.outlet_files.drafts import EmlDrafts
from connectors.outlet_files.notices import NoticeLog
from connectors.outlet_files.rows import CsvRows

__all__ = ["CsvRows", "EmlDrafts", "IcsCalendar", "NoticeLog"]
