"""The outlets of the embedded default, files that only their owner reads, and of folders."""

from connectors.outlet_files.calendar import IcsCalendar
from connectors.outlet_files.drafts import EmlDrafts
from connectors.outlet_files.folder import FolderFiles
from connectors.outlet_files.notices import NoticeLog
from connectors.outlet_files.rows import CsvRows

__all__ = ["CsvRows", "EmlDrafts", "FolderFiles", "IcsCalendar", "NoticeLog"]
