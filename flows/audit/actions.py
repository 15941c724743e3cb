"""What is recorded: the closed vocabulary of the audit log, each word with its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sign_in.ask": "somebody began to sign in at a source, or an app tried to be let in",
        "sign_in.make": "the sign-in was made; its tokens are kept",
        "sign_in.refuse": "a source let us in no more, or not at all",
        "sign_in.forget": "the sign-in of a source is removed from the store",
        "record.read": "sealed records were shown to a person",
        "record.export": "sealed records were written to a file for a person",
        "record.erase": "records were removed before their time, as somebody asked",
        "lesson.teach": "a person said whether a mail was business or private",
        "lesson.forget": "a person took such a lesson back",
        "flow.start": "a person started a flow by hand",
        "output.approve": "a person, or a deadline, let an output go out",
        "output.reject": "a person, or a deadline, closed an output without sending it",
        "output.ask": "another role is asked about an output, as its deadline passed",
        "output.retry": "a person had an output tried again",
        "output.cancel": "a person called an output back before it went out",
        "output.supersede": "outputs that were not out are closed: others took their place",
        "output.send": "outputs go out: mails, drafts, notices, rows, records of work",
        "output.unsent": "outputs of the round before did not end in sent; `result` says how",
        "schedule.change": "visits are put into the calendar, or changed there",
        "payment.mark": "payments are matched with invoices, or invoices closed",
        "payment.unmark": "such a match, link or closing is taken back",
        "flows.change": "a run found other flows than the one before it",
        "flows.apply": "a person deployed flows: from then on these run",
        "flows.rollback": "a person deployed once more what was deployed before",
        "flows.replay": "a person had flows run again over items that are stored",
        "keys.rotate": "the data key of the business is replaced",
        "keys.shred": "the data key of the business is destroyed, and all that it sealed",
        "store.backup": "the records of the business are copied to a backup",
        "store.restore": "the records of the business were brought back from a backup",
        "store.migrate": "the records of the business are brought to another version",
        "settings.change": "a run found other settings than the one before it",
        "report.draw": "noise is drawn for the release of a period, at the cost of its budget",
        "report.release": "a release is kept for good; `manifest:` is the hash of its manifest",
        "consent.grant": "somebody agreed to something; the subject is the receipt of that row",
        "consent.withdraw": "somebody took such a consent back, or never gave it",
        "consent.pool_lost": "somebody said that the pool which had the yes is gone for good",
        "report.contribute": "what the business counted in a quarter goes to the pool",
        "audit.read": "entries of this log were shown to a person",
        "audit.export": "this log was written to a file for a person",
        "audit.verify": "a person had this log verified",
        "audit.erase": "payloads of this log are erased; the entries stay",
        "act.fail": "what an entry before announced did not come to pass; `result` says why",
    }
)
"""An entry names one of these; a word that was used once keeps its meaning for good."""
