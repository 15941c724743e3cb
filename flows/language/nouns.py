"""What an operator calls each part of flows.yaml: a flow, a mail trigger, an IMAP source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from flows.language import control, inputs, outlets, sources, spec, tables, triggers

NOUNS: Final[Mapping[type[BaseModel], str]] = {
    spec.FlowsFile: "a flows file",
    spec.Business: "the business",
    sources.FolderSource: "a folder source",
    sources.ImapSource: "an IMAP source",
    sources.OutlookSource: "an outlook source",
    sources.SignIn: "a sign-in",
    sources.SmtpServer: "an SMTP server",
    sources.BankSource: "a bank source",
    sources.ColumnMap: "columns",
    sources.StripeSource: "a stripe source",
    sources.BusinessCentralSource: "a business_central source",
    sources.MoneyColumns: "columns",
    sources.WorkbookSource: "a workbook source",
    outlets.HttpOutlet: "an http outlet",
    outlets.TeamsOutlet: "a teams outlet",
    outlets.FolderOutlet: "a folder outlet",
    sources.WebhookSource: "a webhook source",
    triggers.MailTrigger: "a mail trigger",
    triggers.TransactionTrigger: "a transaction trigger",
    triggers.OverdueTrigger: "an overdue trigger",
    triggers.ScheduleTrigger: "a schedule trigger",
    triggers.WebhookTrigger: "a webhook trigger",
    triggers.ManualTrigger: "a manual trigger",
    triggers.OutputTrigger: "an output trigger",
    triggers.OutputRef: "the output of a trigger",
    inputs.InputSpec: "an input",
    spec.FlowSpec: "a flow",
    spec.StepSpec: "a step",
    control.Retry: "retry",
    control.Approval: "approve",
    control.Ask: "then",
    control.Notify: "on_error",
    spec.Block: "a block",
    spec.BlockInput: "an input",
    tables.Table: "a table",
    tables.Column: "a column",
    spec.Anonymizer: "the anonymizer",
    spec.Recogniser: "a recogniser",
    spec.RecogniserTests: "the list of tests",
}
