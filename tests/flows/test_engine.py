"""One item through one flow: the same outputs with the same ids, always."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine import Engine, FlowRun, output_id
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.language.load import load
from flows.model import CleanMessage, CleanTransaction, Invoice, Message, Money, Transaction
from flows.work.books import Books
from tests.flows.business import START, mail

HEAD = """\
version: 1
business: {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: America/New_York}
sources:
  office: {uses: folder, path: mail}
  yard: {uses: folder, path: yard}
  bank: {uses: bank, path: bank}
flows:
"""  # noqa: E501 - one line in the file under test

FLOW = """\
  - id: {id}
    name: A flow
    triggers: [{triggers}]
    conditions: [{conditions}]
    keep: [{keep}]
    enabled: {enabled}
    steps:
"""

JOB = "      - {id: job, uses: job.open, with: {title: '{{ mail.subject }}'}}\n"

Make = Callable[..., Engine]


def flow(
    steps: str = JOB,
    *,
    id: str = "a",  # noqa: A002 - as in the file
    triggers: str = "{mail: office}",
    conditions: str = "",
    keep: str = "",
    enabled: str = "true",
) -> str:
    head = FLOW.format(
        id=id, triggers=triggers, conditions=conditions, keep=keep, enabled=enabled
    )
    return head + steps


@pytest.fixture
def engine(tmp_path: Path) -> Make:
    def make(*flows: str, **templates: str) -> Engine:
        path = tmp_path / "flows.yaml"
        path.write_text(HEAD + "".join(flows))
        for name, text in templates.items():
            (tmp_path / f"{name}.txt").write_text(text)
        return Engine(load(path), {f"{name}.txt": text for name, text in templates.items()})

    return make


def message(subject: str = "No heat", **about: object) -> Message:
    parsed = parse(mail(subject), source="office", folder=".", own=OwnAddresses((), ()))
    return replace(parsed, **about)  # type: ignore[arg-type]  # fields of a message


def clean(**about: object) -> CleanMessage:
    base = CleanMessage(
        id="m1",
        source="office",
        folder=".",
        thread="t1",
        received_at=START,
        sent_at=None,
        kind="service_request",
        automatic="",
        subject="No heat",
        text="It is cold.",
        new_text="It is cold.",
    )
    return replace(base, **about)  # type: ignore[arg-type]  # fields of a message


def paid(amount: str = "100.00", reference: str = "INV-2041") -> CleanTransaction:
    money = Money(amount=Decimal(amount), currency="USD")
    return CleanTransaction(
        id="x1",
        source="bank",
        account="checking",
        booked_on=date(2026, 10, 5),
        money=money,
        counterparty="<PERSON_1>",
        reference=reference,
    )


def ran(made: Engine, item: CleanMessage | CleanTransaction, name: str = "a") -> FlowRun:
    (spec,) = made.named([name])
    return made.run(spec, item, now=START)


def test_a_step_puts_out_its_work(engine: Make) -> None:
    """With the flow, its version, the item and the step that it comes from."""
    done = ran(engine(flow()), clean())

    (output,) = done.outputs
    assert (output.flow, output.step, output.uses) == ("a", "job", "job.open")
    assert (output.trigger, output.flow_version) == ("m1", done.version)
    assert (output.state, output.approver, output.created_at) == ("approved", "", START)
    assert output.body["title"] == "No heat"
    assert done.values["job"]["job"] == output.body["job"]


def test_the_same_item_gives_the_same_outputs(engine: Make) -> None:
    """Whenever it runs and in whichever engine, to the byte but for the time."""
    text = flow(keep="customer.name")
    first = ran(engine(text), clean())
    made = engine(text)
    (spec,) = made.named(["a"])

    again = made.run(spec, copy.deepcopy(clean()), now=START + timedelta(days=9))

    assert [replace(each, created_at=START) for each in again.outputs] == list(first.outputs)


@given(st.lists(st.tuples(*[st.text(max_size=8)] * 4, st.integers()), max_size=20, unique=True))
def test_different_work_has_different_ids(works: list[tuple[str, str, str, str, int]]) -> None:
    """Each part of the id counts; an id fits every store and every file system."""
    ids = [output_id(*work) for work in works if "\x1f" not in "".join(work[:4])]

    assert len(set(ids)) == len(ids)
    assert all(each.startswith("o") and each.isalnum() and len(each) == 25 for each in ids)


@pytest.mark.parametrize(
    ("change", "other"),
    [
        (lambda text: text.replace("A flow", "Another name"), False),
        (lambda text: text.replace("mail.subject", "mail.text"), True),
        (lambda text: text.replace("id: job", "id: work"), True),
        (lambda text: text.replace("conditions: []", "conditions: [mail.automatic]"), True),
    ],
)
def test_the_version_is_in_the_ids(
    engine: Make, change: Callable[[str], str], other: bool
) -> None:
    """A flow that does other work puts out other outputs; a renamed one the same."""
    before, after = ran(engine(flow()), clean()), ran(engine(change(flow())), clean())

    assert (before.version != after.version) is other
    assert (before.outputs[0].id != after.outputs[0].id) is other


def test_a_pinned_version_makes_no_second_copy(engine: Make) -> None:
    """An item taken up again after an edit keeps the ids that it began with."""
    before = ran(engine(flow()), clean())
    edited = engine(flow().replace("mail.subject", "mail.text"))
    (spec,) = edited.named(["a"])

    after = edited.run(spec, clean(), now=START, version=before.version)

    assert after.version == before.version
    assert [each.id for each in after.outputs] == [each.id for each in before.outputs]


def test_approval_is_asked_where_the_flow_says(engine: Make) -> None:
    """The output waits for that role."""
    (output,) = ran(engine(flow(JOB.replace("}}\n", "}, approve: owner}\n"))), clean()).outputs

    assert (output.state, output.approver) == ("waiting", "owner")


STEPS = """\
      - {id: look, uses: extract, with: {fields: {phone: phone}}}
      - {id: job, uses: job.open, if: "CONDITION", with: {title: "{{ steps.look.phone }}"}}
      - {id: tell, uses: notify, with: {text: "job {{ steps.job.job or 'none' }}"}}
"""


@pytest.mark.parametrize(
    ("condition", "uses"),
    [
        ("mail.kind == 'service_request'", ["job.open", "notify"]),
        ("steps.look.phone != ''", ["job.open", "notify"]),
        ("mail.subject == 'Other'", ["notify"]),
    ],
)
def test_a_step_runs_if_its_condition_holds(
    engine: Make, condition: str, uses: list[str]
) -> None:
    """A step that did not run has empty values, so that later ones can ask for them."""
    done = ran(
        engine(flow(STEPS.replace("CONDITION", condition))), clean(new_text="518-555-0143")
    )

    assert [output.uses for output in done.outputs] == uses
    assert set(done.values) == {"look", "job", "tell"}
    assert (done.outputs[-1].body["text"] == "job none") is ("job.open" not in uses)


def test_a_failed_step_ends_the_flow_and_says_what_to_mend(engine: Make) -> None:
    """What came before goes out; the failure is put before a person, and quotes nothing."""
    steps = JOB + (
        "      - {id: sum, uses: notify, with: {text: '{{ 1 / (mail.text | length - 11) }}'}}\n"
        "      - {id: late, uses: notify, with: {text: never}}\n"
    )

    done = ran(engine(flow(steps)), clean())

    assert [(each.step, each.state) for each in done.outputs] == [
        ("job", "approved"),
        ("sum", "failed"),
    ]
    failed = done.outputs[1]
    assert failed.body["problem"]
    assert failed.body["fix"]
    assert "No heat" not in str(failed)
    assert "late" not in done.values


def test_values_that_do_not_fit_a_step_are_named_not_quoted(engine: Make) -> None:
    """A template that gives nonsense for this mail: the field is told, never the value."""
    steps = (
        "      - id: visit\n        uses: event.add\n        with: {title: t, start: '',"
        " duration: '{{ mail.subject }}'}\n"
    )

    (failed,) = ran(engine(flow(steps)), clean(subject="Maria Lopez")).outputs

    assert failed.state == "failed"
    assert "duration" in str(failed.body["problem"])
    assert "Lopez" not in str(failed.body)


class Broken(dict[str, str]):
    """Templates on a disk that breaks."""

    def __getitem__(self, name: str) -> str:
        raise ValueError("Maria Lopez")


def test_a_fault_of_a_step_costs_one_item(engine: Make, tmp_path: Path) -> None:
    """It becomes a failed output like any other, which quotes nothing."""
    step = "      - {id: r, uses: reply.draft, with: {template: t.txt}}\n"
    engine(flow(step), t="Hello")
    made = Engine(load(tmp_path / "flows.yaml"), Broken({"t.txt": "Hello"}))

    (failed,) = ran(made, clean()).outputs

    assert failed.state == "failed"
    assert "ValueError" in str(failed.body["problem"])
    assert "Lopez" not in str(failed)


def test_a_very_long_mail_is_cut_for_templates(engine: Make) -> None:
    """What somebody pasted into a mail does not keep its job from being opened."""
    steps = (
        "      - {id: n, uses: notify, with: {text: '{{ mail.new_text }} {{ mail.text }}'}}\n"
    )
    long = "The boiler is cold. " * 20_000

    (output,) = ran(engine(flow(steps)), clean(text=long, new_text=long)).outputs

    assert output.state == "approved"
    assert str(output.body["text"]).startswith("The boiler is cold. The")


def test_a_flow_sees_what_it_keeps_and_no_more(engine: Make) -> None:
    """What another flow keeps of the same mail is not there for it."""
    text = "      - {id: n, uses: extract, with: {fields: {who: name, at: email}}}\n"
    made = engine(flow(text, keep="customer.name"), flow(text, id="b", keep="customer.email"))
    mine = clean(kept={"customer.name": "Ruth", "customer.email": "ruth@kepler.example"})

    seen = {name: dict(ran(made, mine, name).values["n"]) for name in ("a", "b")}

    assert seen == {
        "a": {"who": "Ruth", "at": ""},
        "b": {"who": "", "at": "ruth@kepler.example"},
    }


def test_flows_are_matched_by_source_trigger_and_conditions(engine: Make) -> None:
    """In the order of the file; one that is switched off never."""
    made = engine(
        flow(id="heat", conditions="mail.subject == 'No heat'"),
        flow(id="water", conditions="mail.subject == 'No water'"),
        flow(id="both", conditions="mail.subject == 'No heat', mail.folder == '.'"),
        flow(id="yard", triggers="{mail: yard}"),
        flow(id="any", triggers="{mail: yard}, {mail: office}"),
        flow(id="off", enabled="false"),
        flow(
            "      - {id: m, uses: payment.match}\n", id="pay", triggers="{transaction: bank}"
        ),
    )

    def found(item: Message | Transaction) -> list[str]:
        matches = made.matching(item, now=START)
        assert matches.undecided == ()
        return [each.id for each in matches.flows]

    money = Money(amount=Decimal(5), currency="USD")
    movement = Transaction(
        id="1",
        source="bank",
        account="",
        booked_on=date(2026, 1, 1),
        money=money,
        counterparty="",
        reference="",
    )
    assert found(message()) == ["heat", "both", "any"]
    assert found(message("No water", source="yard")) == ["yard", "any"]
    assert found(movement) == ["pay"]
    assert found(replace(movement, source="office")) == []
    assert [each.id for each in made.named(["off", "any", "heat", "no"])] == ["heat", "any"]


def test_what_flows_keep_is_put_together(engine: Make) -> None:
    """Their own fields, and those without which their steps cannot work."""
    reply = "      - {id: r, uses: reply.draft, with: {text: hello}}\n"
    made = engine(flow(keep="customer.name"), flow(reply, id="b", keep="site.address"))

    assert made.keeps(made.named(["a"])) == {"customer.name"}
    assert made.keeps(made.named(["a", "b"])) >= {"customer.name", "site.address"}
    assert "mail.message_id" in made.keeps(made.named(["b"]))
    assert made.keeps(()) == frozenset()


def test_an_undecided_condition_fails_its_flow_alone(engine: Make) -> None:
    """The others match; the failure has an id of its own, the same each time."""
    made = engine(
        flow(conditions="1 / (mail.subject | length - 7) > 0"), flow(id="b"), flow(id="c")
    )

    first, again = (made.matching(message(), now=START) for _ in range(2))
    fine = made.matching(message("No heat here"), now=START)

    assert [each.id for each in first.flows] == ["b", "c"]
    (failed,) = first.undecided
    assert (failed.flow, failed.step, failed.state) == ("a", "conditions", "failed")
    assert failed.body["fix"]
    assert "No heat" not in str(failed)
    assert failed == again.undecided[0]
    assert [each.id for each in fine.flows] == ["a", "b", "c"]


def test_a_payment_waits_until_its_invoice_is_known(engine: Make) -> None:
    """Unmatched without it, matched with it; running changes neither invoice nor payment."""
    made = engine(
        flow("      - {id: m, uses: payment.match}\n", triggers="{transaction: bank}")
    )
    (spec,) = made.named(["a"])
    invoice = Invoice(
        id="i1",
        number="INV-2041",
        direction="receivable",
        money=Money(amount=Decimal("100.00"), currency="USD"),
    )
    before = copy.deepcopy((invoice, paid()))

    alone = made.run(spec, paid(), now=START)
    found = made.run(spec, paid(), books=Books([invoice]), now=START)

    assert (alone.unmatched, alone.outputs) == (True, ())
    assert not found.unmatched
    assert [each.state for each in found.outputs] == ["approved"]
    assert (invoice, paid()) == before


def test_time_comes_from_outside(engine: Make) -> None:
    """`now` is what the engine is told, in every template."""
    made = engine(flow("      - {id: n, uses: notify, with: {text: '{{ now.year }}'}}\n"))
    (spec,) = made.named(["a"])
    then = datetime(1999, 1, 2, tzinfo=START.tzinfo)

    (output,) = made.run(spec, clean(), now=then).outputs

    assert output.body["text"] == "1999"
    assert output.created_at == then
