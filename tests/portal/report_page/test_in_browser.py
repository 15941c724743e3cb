"""What Chromium shows of the page: everybody can read it, and it asks nobody for anything."""

from __future__ import annotations

import pypdfium2
import pytest

from tests.browser import Chromium
from tests.portal.report_page.conftest import Shown


@pytest.mark.parametrize("name", ["full", "some", "fell"])
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_nothing_keeps_anybody_from_reading_it(
    chromium: Chromium, request: pytest.FixtureRequest, name: str, width: int, dark: bool
) -> None:
    page: Shown = request.getfixturevalue(name)

    seen = chromium.look(page.path, dark=dark, width=width)

    assert seen.barriers == []
    assert seen.said == []
    assert seen.fetched == []
    assert seen.sideways <= 0


def test_without_scripts_it_says_the_same(chromium: Chromium, full: Shown) -> None:
    with_scripts = chromium.look(full.path)

    without = chromium.look(full.path, scripts=False)

    assert without.text == with_scripts.text
    assert "How fast are answers?" in without.text


def test_its_policy_stops_scripts_and_styles_that_somebody_puts_in(
    chromium: Chromium, full: Shown
) -> None:
    """So that the policy is known to be in force, and axe not to look at an empty page."""
    path = full.path.with_name("spoilt.html")
    spoilt = '<script>console.log("ran")</script><p style="color:red">x</p><input>'
    path.write_text(full.html.replace("</main>", f"{spoilt}</main>"), "utf-8")

    seen = chromium.look(path)

    assert "ran" not in seen.said
    assert len([line for line in seen.said if "Content Security Policy" in line]) == 2
    assert [each.partition(":")[0] for each in seen.barriers] == ["label"]


def test_it_prints_with_its_tables_open(chromium: Chromium, full: Shown) -> None:
    printed = pypdfium2.PdfDocument(chromium.printed(full.path))

    text = "".join(page.get_textpage().get_text_range() for page in printed)

    assert "Total by industry and region, businesses" in text
    assert "Measures, epsilon and bounds" in text
