"""`jigajob test`: an operator's cases, told with their places where they fail."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import jsonschema
import pytest
import yaml

from flows.cases.load import load_cases
from flows.errors import FlowsFileError
from tests.portal.conftest import ROOT, jigajob

HEAD = f"version: 1\nflows: {ROOT}/flows.yaml\nnow: 2026-10-05T09:30:00-04:00\ncases:\n"
PAID = """\
  - name: a payment is matched
    given:
      invoices: [{number: HP-2041, amount: 286.50, due: 2026-10-15}]
      transactions: [{source: bank, amount: 286.50, reference: Invoice HP-2041}]
    expect:
"""


@pytest.fixture
def run(tmp_path: Path):
    def run(text: str, *more: str):
        path = tmp_path / "flows.test.yaml"
        path.write_text(HEAD + text, "utf-8")
        cache = tmp_path / "cache"
        return jigajob("test", path, *more, XDG_CACHE_HOME=str(cache))

    return run


def test_an_empty_file_is_told_what_belongs_into_it(tmp_path: Path) -> None:
    path = tmp_path / "flows.test.yaml"
    path.write_text("", "utf-8")
    with pytest.raises(FlowsFileError, match="the file is empty") as raised:
        load_cases(path)
    assert "write `flows:` and `cases:` into it" in str(raised.value)


@pytest.mark.slow
def test_the_cases_of_the_example_hold(tmp_path: Path) -> None:
    """They are found beside the flows file; the second time no language model is loaded."""
    told = [jigajob("test", XDG_CACHE_HOME=str(tmp_path)) for _ in range(2)]
    assert [done.returncode for done in told] == [0, 0], told[0].stdout + told[0].stderr
    assert ["language model" in done.stdout for done in told] == [True, False]
    assert oct((tmp_path / "jigajob" / "findings.json").stat().st_mode)[-3:] == "600"
    assert "boiler" not in (tmp_path / "jigajob" / "findings.json").read_text()


@pytest.mark.slow
def test_a_difference_is_told_with_its_place_and_both_sides(run) -> None:
    """`-` was expected, `+` is there; the command ends with 1."""
    wanted = "      flows: [complaint]\n      outputs:\n        - uses: payment.match\n"
    done = run(PAID + wanted + "          body: {status: proposed, money: {amount: 1}}\n")
    assert done.returncode == 1
    assert "FAILED a payment is matched" in done.stdout
    assert "flows.test.yaml:10:14: other flows ran" in done.stdout
    assert "- complaint\n    + payments" in done.stdout
    assert "flows.test.yaml:12:11: the output of payment.match is another one" in done.stdout
    assert "- body.status: 'proposed'\n    + body.status: 'matched'" in done.stdout


@pytest.mark.slow
def test_a_mail_that_cannot_be_written_is_told_with_its_place(run) -> None:
    mails = "[{subject: a}, {to: office, subject: b}]"
    done = run(f"  - {{name: a, given: {{mails: {mails}}}, expect: {{nothing: true}}}}\n")
    assert done.returncode == 1
    assert "flows.test.yaml:5:45: a header of a given mail cannot be written" in done.stderr


@pytest.mark.slow
def test_each_kind_of_expectation_can_fail(run) -> None:
    """What is expected and is not so is told, whatever was expected."""
    expected = """\
      nothing: true
      outputs: [{uses: job.open}]
      no_outputs: payment.match
      kept: {customer.name: Ann}
      removed: {PHONE: 3}
      gone: HP-2041
      stays: boiler
      skipped: personal
"""
    done = run(PAID + expected)
    told = done.stdout
    assert done.returncode == 1
    for words in (
        "something happened",
        "no output of job.open was made",
        "an output of payment.match was made",
        "customer.name is kept otherwise",
        "PHONE was taken out 0 times",
        "'HP-2041' is still there",
        "'boiler' is in no stored text",
        "other mails were left out",
    ):
        assert words in told


@pytest.mark.slow
def test_results_go_to_other_programs_as_junit(run) -> None:
    """One testcase for each case, with its failures."""
    done = run(PAID + "      flows: [complaint]\n", "--format", "junit")
    suite = Xml.fromstring(done.stdout)
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    assert suite.find("testcase/failure") is not None


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "flows.test.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(FlowsFileError) as raised:
        load_cases(path)
    return [str(each).replace(str(path), "FILE") for each in raised.value.problems]


@pytest.mark.parametrize(
    ("case", "place", "words"),
    [
        ("    given: {mail: []}\n    expect: {}\n", "6:13", "did you mean 'mails'"),
        ("    given: {}\n    expect: {flow: [x]}\n", "7:14", "did you mean 'flows'"),
        ("    given: {}\n", "5:5", "needs 'expect'"),
        ("    given: {mails: [{}]}\n    expect: {}\n", "6:21", "give a `file`"),
        ("    given: {mails: [{file: no.eml}]}\n    expect: {}\n", "6:28", "no file 'no.eml'"),
        ("    now: 2026-10-05T09:30:00\n    given: {}\n    expect: {}\n", "6:10", "no zone"),
        (
            "    given: {transactions: [{amount: much}]}\n    expect: {}\n",
            "6:37",
            "amount",
        ),
    ],
)
def test_mistakes_are_told_where_they_stand(
    tmp_path: Path, case: str, place: str, words: str
) -> None:
    """As those in flows.yaml: with line, column and what to do."""
    head = "version: 1\nflows: flows.yaml\nnow: 2026-10-05T09:30:00Z\ncases:\n"
    told = problems(tmp_path, head + "  - name: a case\n" + case)
    assert any(each.startswith(f"FILE:{place}:") and words in each for each in told), told


def test_a_case_needs_a_time_and_a_name_of_its_own(tmp_path: Path) -> None:
    """Else its result would hang on the day on which it is run."""
    case = "  - {name: a, given: {}, expect: {}}\n"
    told = problems(tmp_path, "version: 1\ncases:\n" + case + case)
    assert [each.split("\n")[0].split(": ", 1)[1] for each in told] == [
        "the case has no time",
        "the case has no time",
        "another case has this name",
    ]


def test_sources_and_flows_that_do_not_exist_are_refused(run) -> None:
    """With the ones that do."""
    given = "    given: {mails: [{source: ofice, subject: x}]}\n"
    done = run("  - name: a case\n" + given + "    expect: {flows: [repair]}\n")
    assert done.returncode == 1
    assert "no flow is triggered by a mail of 'ofice'" in done.stderr
    assert "did you mean 'repair-request'?" in done.stderr


def shown_in_docs(fence: str) -> str:
    page = (ROOT / "docs" / "tests.md").read_text("utf-8")
    return page.partition(f"```{fence}\n")[2].partition("```")[0]


def typed(tmp_path: Path, cases: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "flows.test.yaml"
    path.write_text(cases.replace("flows: flows.yaml", f"flows: {ROOT}/flows.yaml"), "utf-8")
    return jigajob("test", path, XDG_CACHE_HOME=str(tmp_path))


@pytest.mark.slow
def test_the_example_of_the_page_holds(tmp_path: Path) -> None:
    """What docs/tests.md shows is run as it stands there, and fits the schema."""
    shown = shown_in_docs("yaml")
    schema = json.loads(jigajob("test", "--schema").stdout)
    jsonschema.validate(json.loads(json.dumps(yaml.safe_load(shown), default=str)), schema)
    done = typed(tmp_path, shown)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_difference_of_the_page_is_told_so(tmp_path: Path) -> None:
    """The same example, with a mail of another subject."""
    subject = "subject: No heat in the bakery"
    shown = shown_in_docs("yaml")
    assert subject in shown
    done = typed(tmp_path, shown.replace(subject, "subject: The bakery is cold"))
    assert done.returncode == 1
    told = done.stdout.replace(str(tmp_path) + "/", "")
    wanted = re.escape(shown_in_docs("text")).replace("…", "[^\n]*")
    assert re.match(wanted, told), told
