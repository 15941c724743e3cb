"""What is deployed holds every file that flows read: included ones, tables and templates."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from anonymizer.text.cleaner import Cleaner
from flows.deployments import Deployments
from flows.errors import FlowsFileError
from flows.language.comparing import compared
from flows.language.load import load_bundle, load_whole
from flows.language.versions import flow_version
from portal.wiring import App
from tests.flows.business import FLOWS, Business, mail

HEAD = FLOWS.partition("flows:\n")[0]
MAIN = f"{HEAD}include: [shared/*.yaml]\n"
PART = """\
data:
  prices: {file: tables/prices.csv, key: sku, columns: {sku: text, price: number}}
  towns: {file: towns.xlsx, key: zip, columns: {zip: text, town: text}}
blocks:
  answer:
    inputs: {template: text, price: number}
    steps:
      - id: draft
        uses: reply.draft
        with: {template: "{{ inputs.template }}"}
        approve: owner
  spare:
    steps: [{id: s, uses: reply.draft, with: {template: spare.txt.j2}}]
flows:
  - id: repair
    name: Answer with a price
    triggers: [{mail: office}]
    conditions: ["mail.subject | mentions('boiler')"]
    keep: [customer.name]
    steps:
      - id: tell
        uses: block.answer
        with: {template: price.txt.j2, price: "{{ data.prices['BOILER'].price }}"}
"""
TEMPLATE = "{{ customer.name }}: {{ inputs.price }} in {{ data.towns['12207'].town }}.\n"
READ = {
    "flows.yaml",
    "shared/part.yaml",
    "shared/tables/prices.csv",
    "shared/towns.xlsx",
    "templates/price.txt.j2",
    "templates/spare.txt.j2",
}


def written(folder: Path) -> Path:
    for name in ("shared/tables", "templates"):
        (folder / name).mkdir(parents=True)
    (folder / "flows.yaml").write_text(MAIN)
    (folder / "shared/part.yaml").write_text(PART)
    (folder / "shared/tables/prices.csv").write_text("\ufeffsku,price\r\nBOILER,480.50\r\n")
    (folder / "shared/towns.xlsx").write_bytes(towns("Albany"))
    (folder / "templates/price.txt.j2").write_text(TEMPLATE)
    (folder / "templates/spare.txt.j2").write_text("Nothing uses this.\n")
    return folder / "flows.yaml"


def towns(town: str) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["zip", "town"], ["12207", town]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_bundle_holds_all_that_was_read_and_reads_the_same(tmp_path: Path) -> None:
    """Templates of blocks that no flow uses too, since the checks look for them."""
    path = written(tmp_path / "there")
    before = load_whole(path)
    (tmp_path / "there").rename(tmp_path / "gone")

    after = load_bundle(before.bundle, "deployment 1")

    assert set(before.bundle.texts) == READ
    assert (after.file, after.templates) == (before.file, before.templates)
    assert after.bundle == before.bundle
    versions = {
        flow_version(e.file.flows[0], e.templates, e.file.data) for e in (before, after)
    }
    assert len(versions) == 1


@pytest.mark.parametrize(
    ("name", "content", "parts"),
    [
        ("shared/tables/prices.csv", b"sku,price\nBOILER,500\n", ("the files that it reads",)),
        ("shared/towns.xlsx", towns("Troy"), ("the files that it reads",)),
        ("templates/price.txt.j2", b"Soon.\n", ("template price.txt.j2",)),
        (
            "shared/part.yaml",
            PART.replace(".price }}", ".price + 1 }}").encode(),
            ("step tell--draft (block)",),
        ),
        (
            "shared/part.yaml",
            PART.replace("approve: owner", "approve: dispatcher").encode(),
            ("step tell--draft (approve)",),
        ),
    ],
    ids=["table", "workbook", "template", "what a block is given", "the block"],
)
def test_what_differs_in_any_file_is_told_of_the_flow(
    name: str, content: bytes, parts: tuple[str, ...], tmp_path: Path
) -> None:
    path = written(tmp_path / "there")
    before = load_whole(path)
    (path.parent / name).write_bytes(content)

    after = load_whole(path)

    [change] = compared(before, after).flows
    assert (change.name, change.how, change.parts) == ("repair", "changed", parts)
    assert after.bundle.hash != before.bundle.hash


def test_a_problem_in_a_part_of_a_bundle_has_its_place_there(tmp_path: Path) -> None:
    bundle = load_whole(written(tmp_path / "there")).bundle
    texts = {**bundle.texts, "shared/more.yaml": "blocks:\n  answer: {steps: []}\n"}
    with pytest.raises(FlowsFileError) as caught:
        load_bundle(type(bundle)(main=bundle.main, texts=texts), "deployment 3")
    told = str(caught.value)
    assert "deployment 3/shared/part.yaml:5:3: another block has the name 'answer'" in told
    assert "the first is in deployment 3/shared/more.yaml:2" in told


async def test_a_deployment_runs_on_when_its_files_are_changed_or_gone(
    tmp_path: Path, cleaner: Cleaner
) -> None:
    """An included file, a block, its template and both tables: as they were deployed."""
    business = Business(tmp_path / "there", cleaner)
    written(tmp_path / "there")

    async def deploy(app: App) -> None:
        loaded = load_whole(business.settings.flows)
        await Deployments(app.records).deploy(loaded, app.audit, app.clock.now(), over=0)

    await business.asks(deploy)
    (tmp_path / "there/shared/tables/prices.csv").write_text("sku,price\nBOILER,1\n")
    (tmp_path / "there/templates/price.txt.j2").write_text("Never.")
    business.gets(mail())
    await business.sweeps()
    shutil.rmtree(tmp_path / "there/shared")
    shutil.rmtree(tmp_path / "there/templates")
    business.writes(FLOWS)
    business.gets(mail(name="2"), "mail/2.eml")
    await business.sweeps()

    outputs = [posted.output for posted in await business.outputs()]
    assert [each.step for each in outputs] == ["tell--draft"] * 2
    assert len({each.flow_version for each in outputs}) == 1
    assert {str(each.body["text"]).strip() for each in outputs} == {
        "Maria Lopez: 480.50 in Albany."
    }
