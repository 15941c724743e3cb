"""Tables in Excel workbooks, on a disk or at Microsoft 365: movements out, rows in."""

from connectors.workbook.file_rows import WorkbookFileRows
from connectors.workbook.online import WorkbookOnline, WorkbookOnlineRows
from connectors.workbook.source import WorkbookFiles

__all__ = ["WorkbookFileRows", "WorkbookFiles", "WorkbookOnline", "WorkbookOnlineRows"]
