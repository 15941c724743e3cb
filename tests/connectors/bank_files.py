"""Writes bank files as banks do."""

import csv
import io

from connectors.bank import BankFiles
from flows.language.sources import BankSource

COLUMNS = {
    "date": "Date",
    "amount": "Amount",
    "counterparty": "Name",
    "reference": "Text",
}

HEADER = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""


def bank(path, currency="USD", **spec):
    """Return the source over a path, with the columns of `csv_text` unless told otherwise."""
    fields = {"uses": "bank", "path": str(path), "columns": COLUMNS, **spec}
    return BankFiles(
        BankSource.model_validate(fields), path.parent, name="bank", currency=currency
    )


def csv_text(rows, header=("Date", "Amount", "Name", "Text"), delimiter=","):
    """Return a CSV file with these rows of cells."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([header, *rows])
    return out.getvalue()


def posting(fitid="1", on="20240104", amount="5.00", *, name="Ada", memo="INV-1", more=""):
    """Return one `<STMTTRN>` in SGML."""
    return (
        f"<STMTTRN>\n<TRNTYPE>OTHER\n<DTPOSTED>{on}\n<TRNAMT>{amount}\n<FITID>{fitid}\n"
        f"<NAME>{name}\n<MEMO>{memo}\n{more}</STMTTRN>\n"
    )


def statement(*postings, account="000012345678", currency="USD", tag="STMTRS"):
    """Return one account's statement in SGML."""
    holder = "CCACCTFROM" if tag == "CCSTMTRS" else "BANKACCTFROM"
    bank_id = "" if tag == "CCSTMTRS" else "<BANKID>021000021\n"
    return (
        f"<{tag}>\n<CURDEF>{currency}\n<{holder}>\n{bank_id}<ACCTID>{account}\n</{holder}>\n"
        f"<BANKTRANLIST>\n<DTSTART>20240101\n<DTEND>20240131\n{''.join(postings)}"
        f"</BANKTRANLIST>\n<LEDGERBAL>\n<BALAMT>100.00\n<DTASOF>20240131\n</LEDGERBAL>\n</{tag}>\n"
    )


def ofx_text(*statements, header=HEADER):
    """Return an OFX file with these statements."""
    return f"{header}<OFX>\n<BANKMSGSRSV1>\n{''.join(statements)}</BANKMSGSRSV1>\n</OFX>\n"
