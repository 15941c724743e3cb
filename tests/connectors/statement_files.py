"""Writes CAMT.053 and MT940 statements as banks do."""

import re
from decimal import Decimal
from xml.sax.saxutils import escape

IBAN = "DE02120300000000202051"


def camt_amount(name, amount, currency="EUR"):
    return f'<{name} Ccy="{currency}">{abs(Decimal(amount))}</{name}>'


def side(amount):
    return f"<CdtDbtInd>{'DBIT' if Decimal(amount) < 0 else 'CRDT'}</CdtDbtInd>"


def balance(kind, amount, currency="EUR", on="2024-01-31"):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f"{camt_amount('Amt', amount, currency)}{side(amount)}<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def details(*, amount=None, name="Ada Byron", text="INV-1", refs="", more="", payer=True):
    """Return one `<TxDtls>`; *name* is the other party."""
    own = "" if amount is None else camt_amount("Amt", amount) + side(amount)
    role = "Dbtr" if payer else "Cdtr"
    return (
        f"<TxDtls><Refs>{refs}</Refs>{own}{more}"
        f"<RltdPties><{role}><Nm>{escape(name)}</Nm></{role}></RltdPties>"
        f"<RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf></TxDtls>"
    )


def entry(
    amount="5.00",
    on="2024-01-04",
    ref="R1",
    *,
    inside=None,
    status="<Sts><Cd>BOOK</Cd></Sts>",
    more="",
    currency="EUR",
):
    """Return one `<Ntry>`; *inside* are its details."""
    inside = details(payer=Decimal(amount) > 0) if inside is None else inside
    given = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    return (
        f"<Ntry>{camt_amount('Amt', amount, currency)}{side(amount)}{status}"
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>{given}{more}"
        f"<NtryDtls>{inside}</NtryDtls></Ntry>"
    )


def camt_statement(*entries, balances="", account=IBAN, currency="EUR", number="2024-1"):
    return (
        f"<Stmt><Id>{number}</Id><CreDtTm>2024-01-31T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balances}{''.join(entries)}</Stmt>"
    )


def camt_text(*statements, version="001.08", message="BkToCstmrStmt", kind="053"):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.{version}">'
        f"<{message}><GrpHdr><MsgId>M1</MsgId><CreDtTm>2024-01-31T20:00:00</CreDtTm></GrpHdr>"
        f"{''.join(statements)}</{message}></Document>\n"
    )


def mt940_amount(amount):
    return str(abs(Decimal(amount))).replace(".", ",")


def line(amount="5.00", on="2024-01-04", ref="R1", *, text="INV-1", mark="", customer="NONREF"):
    """Return a `:61:` and its `:86:`."""
    mark = mark or ("D" if Decimal(amount) < 0 else "C")
    bank = f"//{ref}" if ref else ""
    year, month, day = on.split("-")
    return (
        f":61:{year[2:]}{month}{day}{month}{day}{mark}{mt940_amount(amount)}"
        f"NTRF{customer}{bank}\n:86:{text}\n"
    )


def _moved(each):
    mark, amount = re.match(r":61:\d{10}(R?[CD])([\d,]+)", each).groups()
    return Decimal(amount.replace(",", ".")) * (-1 if mark in {"D", "RC"} else 1)


def mt940_balance(tag, amount, on="240131", currency="EUR"):
    mark = "D" if Decimal(amount) < 0 else "C"
    return f":{tag}:{mark}{on}{currency}{mt940_amount(amount)}\n"


def mt940_text(*lines, opening="0.00", closing=None, account="12030000/202051", number="1/1"):
    """Return one statement; without *closing* its closing balance is right."""
    if closing is None:
        closing = sum(map(_moved, lines), Decimal(opening))
    return (
        f":20:STARTUMS\n:25:{account}\n:28C:{number}\n{mt940_balance('60F', opening)}"
        f"{''.join(lines)}{mt940_balance('62F', closing)}-\n"
    )
