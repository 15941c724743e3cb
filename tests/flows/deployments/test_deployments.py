"""What is deployed: whole in itself, numbered, never changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.deployments import Deployment, Deployments
from flows.errors import AdministratorError, FlowsFileError, OperatorError
from flows.language.bundle import Bundle
from flows.language.load import load_bundle, load_whole
from flows.language.versions import flow_version
from tests.flows.business import FLOWS, START
from tests.flows.outputs import records_in

TEMPLATED = FLOWS.replace('text: "We will come."', "template: coming.txt.j2")


def written(folder: Path, flows: str = TEMPLATED) -> Path:
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "templates/coming.txt.j2").write_text("We come, {{ customer.name }}.\r\n")
    (folder / "flows.yaml").write_text(flows)
    return folder / "flows.yaml"


def deployment(number: int, bundle: Bundle) -> Deployment:
    return Deployment(
        number=number, at=START, by="cli:ann", flows={"repair": "v"}, bundle=bundle
    )


def test_a_bundle_is_whole_without_the_files_that_it_was_read_from(tmp_path: Path) -> None:
    """Flows, templates and versions are the same when the files are gone."""
    path = written(tmp_path / "there")
    before = load_whole(path)
    (tmp_path / "there").rename(tmp_path / "gone")

    after = load_bundle(before.bundle, "deployment 1")

    assert set(before.bundle.texts) == {"flows.yaml", "templates/coming.txt.j2"}
    assert after.file == before.file
    versions = [
        flow_version(each.file.flows[0], each.templates, each.file.data)
        for each in (before, after)
    ]
    assert versions[0] == versions[1]
    assert after.bundle == before.bundle


def test_a_bundle_changes_with_each_file_and_not_with_line_ends(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = load_whole(path).bundle.hash
    template = tmp_path / "templates/coming.txt.j2"
    template.write_bytes(template.read_bytes().replace(b"\r\n", b"\n"))
    assert load_whole(path).bundle.hash == before
    template.write_text("Tomorrow.")
    assert load_whole(path).bundle.hash != before


def test_a_problem_in_a_bundle_is_told_with_its_place_in_it(tmp_path: Path) -> None:
    bundle = load_whole(written(tmp_path)).bundle
    texts = {**bundle.texts, "flows.yaml": TEMPLATED.replace("job.open", "job.opne")}
    with pytest.raises(FlowsFileError, match=r"^deployment 3/flows\.yaml:20:15: .*opne"):
        load_bundle(replace(bundle, texts=texts), "deployment 3")


@pytest.mark.parametrize("name", ["../out.yaml", "/etc/out.yaml", "a/../../out.yaml", ""])
def test_a_bundle_writes_nothing_outside_its_own_folder(name: str, tmp_path: Path) -> None:
    bundle = Bundle(main="flows.yaml", texts={name: "x", "flows.yaml": FLOWS})
    with pytest.raises(AdministratorError, match="outside"):
        load_bundle(bundle, "deployment 1")


async def test_the_highest_number_is_in_force_and_the_others_stay(tmp_path: Path) -> None:
    """History is added to, and never written anew."""
    first = load_whole(written(tmp_path)).bundle
    second = load_whole(written(tmp_path, FLOWS)).bundle
    async with records_in(tmp_path) as records:
        kept = Deployments(records)
        assert (await kept.current(), await kept.number()) == (None, 0)
        await kept.put(deployment(1, first))
        await kept.put(deployment(2, second))
        assert await kept.current() == deployment(2, second)
        assert await kept.number() == 2
        assert await kept.bundle(1) == first
        assert [each.number async for each in kept.each()] == [2, 1]
        with pytest.raises(OperatorError, match="no deployment 3"):
            await kept.bundle(3)


async def test_of_two_who_deploy_at_once_one_is_refused(tmp_path: Path) -> None:
    """And what the first one has deployed stays as it is."""
    first = load_whole(written(tmp_path)).bundle
    second = load_whole(written(tmp_path, FLOWS)).bundle
    async with records_in(tmp_path) as records:
        kept = Deployments(records)
        await kept.put(deployment(1, first))
        with pytest.raises(OperatorError, match="somebody else has made deployment 1"):
            await kept.put(deployment(1, second))
        assert await kept.bundle(1) == first
