"""What is wrong with outlets, and with steps that name where their work goes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from flows.hosts import PORTS, address_in, is_of_cloud, is_public, is_this_machine
from flows.language.checks import Findings, mappings
from flows.language.places import Path as TreePath
from flows.language.places import Plain
from flows.language.words import quoted, suggestion

_HTTPS: Final = 443

_SECRETS: Final = frozenset(
    {"sig", "code", "key", "token", "secret", "password", "access_token"}
)
"""Parts of an address's query that are keys, as in those of Logic Apps."""

_TAKERS: Final[Mapping[str, tuple[str, str]]] = {
    "webhook.call": ("outlets", "http"),
    "teams.post": ("outlets", "teams"),
    "file.write": ("outlets", "folder"),
    "event.add": ("sources", "outlook"),
    "task.add": ("sources", "outlook"),
}
"""In which part of the file the `to` of a step is named, and what that uses."""


def outlet_problems(data: Mapping[str, Plain], findings: Findings) -> None:
    """Find outlets whose name or address cannot be, or for whom nobody can sign in."""
    outlets, sources = data.get("outlets"), data.get("sources")
    for name, outlet in (outlets if isinstance(outlets, dict) else {}).items():
        if isinstance(sources, dict) and name in sources:
            what = f"a source is called {quoted(name)}, too"
            findings.key(
                ("outlets", name), what, "choose another name for one of the two", "duplicate"
            )
        uses = outlet.get("uses") if isinstance(outlet, dict) else None
        if uses == "http":
            _address(outlet.get("url"), ("outlets", name, "url"), findings)
        elif uses == "teams":
            _signed_in(outlet.get("source"), ("outlets", name, "source"), sources, findings)


def _address(url: Plain, at: TreePath, findings: Findings) -> None:
    if not isinstance(url, str) or not url.startswith("https://"):
        return
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _HTTPS
    except ValueError:
        host = None
    if not host:
        what = "the address has no host, or a port that is none"
        findings.value(at, what, "write https://HOST/PATH", "outlet")
        return
    _called(host, port, at, findings)
    if parts.fragment:
        findings.value(at, "what follows a # is never sent", "leave it out", "outlet")
    query = {name.lower() for name, _ in parse_qsl(parts.query)}
    if query & _SECRETS:
        what = "the address holds a key, and flows.yaml is no place for one"
        fix = "put the whole address into a variable, and write env: and its name here"
        findings.value(at, what, fix, "secret")


def _called(host: str, port: int, at: TreePath, findings: Findings) -> None:
    """Find a host that is called for nobody, or only where an administrator allows it.

    Where a name leads is found out when it is called.
    """
    plain = unicodedata.normalize("NFKC", host).rstrip(".")
    try:
        address = address_in(plain)
    except ValueError:
        what = "the host is a number, and not written as an address"
        findings.value(at, what, "write the host's name", "outlet")
        return
    if address is not None and is_of_cloud(address):
        what = f"{host} belongs to the machine or its cloud, and is never called"
        findings.value(at, what, "write the host that is meant", "outlet")
        return
    why = ""
    if is_this_machine(plain) or plain.endswith(".localhost"):
        why = f"{host} is this machine"
    elif address is not None and not is_public(address):
        why = f"{host} is not on the internet"
    elif port not in PORTS:
        why = f"port {port} is not one for https"
    if why:
        named = host if port in PORTS else f"{host}:{port}"
        what = f"{why}, and is called only where an administrator allows it"
        fix = f"write another address, or have {named} added to JIGAJOB_ALLOW_HOSTS"
        findings.warn(findings.document.value(at), what, fix, "own-network")


def receivers(
    flow: Mapping[str, Plain], at: TreePath, data: Mapping[str, Plain], findings: Findings
) -> None:
    """Find steps whose `to` is no outlet or source that takes what they put out."""
    for index, step in mappings(flow.get("steps")):
        options, taker = step.get("with"), _TAKERS.get(str(step.get("uses")))
        to = options.get("to") if isinstance(options, dict) else None
        if taker is None or not isinstance(options, dict):
            continue
        where = (*at, "steps", index, "with")
        if options.get("calendar") and "to" not in options:
            what = "a calendar is named, and not whose it is"
            findings.key(
                (*where, "calendar"), what, "add `to:` and a source, or leave it out", "outlet"
            )
        folder = options.get("folder")
        if step.get("uses") == "file.write" and isinstance(folder, str) and "{" in folder:
            what = "the folder of a file is fixed"
            findings.value((*where, "folder"), what, "put what differs into `name`", "outlet")
        if not isinstance(to, str):
            continue
        part, uses = taker
        fitting = _of_kind(data.get(part), uses)
        if to not in fitting:
            what = f"{quoted(to)} is nothing under {part} that `uses: {uses}`"
            fix = suggestion(to, fitting) if fitting else f"add one under `{part}`"
            findings.value((*where, "to"), what, fix, "outlet")
        elif step.get("uses") == "task.add" and _app_only(fitting[to]):
            what = f"{quoted(to)} signs in as an app, which Microsoft lets add no tasks"
            fix = "let a person sign in: leave out `secret` and `certificate` of its sign_in"
            findings.value((*where, "to"), what, fix, "outlet")
        elif step.get("uses") == "task.add" and fitting[to].get("shared") is True:
            what = f"{quoted(to)} is a shared mailbox, which has no lists of tasks"
            findings.value((*where, "to"), what, "name the mailbox of a person", "outlet")


def _signed_in(name: Plain, at: TreePath, sources: Plain, findings: Findings) -> None:
    """Find out whether a person signs in there, who can post."""
    if not isinstance(name, str):
        return
    mailboxes = _of_kind(sources, "outlook")
    if name not in mailboxes:
        what = f"{quoted(name)} is no source that `uses: outlook`"
        fix = suggestion(name, mailboxes) if mailboxes else "add one, or use `workflow`"
        findings.value(at, what, fix, "outlet")
    elif _app_only(mailboxes[name]):
        what = f"{quoted(name)} signs in as an app, which Microsoft lets post nothing"
        findings.value(at, what, "let a person sign in, or use `workflow`", "outlet")


def _of_kind(part: Plain, uses: str) -> dict[str, Mapping[str, Plain]]:
    named = part if isinstance(part, dict) else {}
    return {
        name: each
        for name, each in named.items()
        if isinstance(each, dict) and each.get("uses") == uses
    }


def _app_only(source: Mapping[str, Plain]) -> bool:
    sign_in = source.get("sign_in")
    return isinstance(sign_in, dict) and bool(sign_in.keys() & {"secret", "certificate"})
