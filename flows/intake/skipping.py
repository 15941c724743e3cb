"""Which mail is not stored at all, and why."""

from __future__ import annotations

from flows.model import Message, SkipReason


def skip_reason(message: Message, *, wanted: bool) -> SkipReason | None:
    """Return why *message* is not to be stored, or None; *wanted* when a flow asks for it.

    Purely personal mail is never stored, whatever a flow asks for. Automatic replies and
    bounces are answered with silence.

    Source: RFC 3834 section 2, https://www.rfc-editor.org/rfc/rfc3834
    """
    if message.automatic in ("auto_reply", "bounce"):
        return "auto_reply" if message.automatic == "auto_reply" else "bounce"
    if message.verdict == "personal":
        return "personal"
    if wanted:
        return None
    if message.kind == "spam":
        return "spam"
    if message.automatic in ("list", "bulk") or message.kind == "newsletter":
        return "bulk"
    return None
