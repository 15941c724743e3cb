"""Of an HTML mail exactly that is text which its reader sees."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.intake.html import TRACKER, UNSEEN, html_to_text, read_html

HIDDEN = {
    "display none": '<p style="display: none !important">secret</p>',
    "visibility hidden": '<p style="visibility:hidden">secret</p>',
    "opacity": '<div style="opacity:0">secret</div>',
    "no font size": '<span style="font-size:0">secret</span>',
    "tiny font": '<span style="font-size:1px">secret</span>',
    "no height": '<div style="max-height:0;overflow:hidden">secret</div>',
    "no width": '<div style="width:0px;overflow:hidden">secret</div>',
    "off the screen": '<div style="position:absolute;left:-9999px">secret</div>',
    "indented away": '<div style="text-indent:-5000px">secret</div>',
    "clipped": '<div style="clip:rect(0,0,0,0)">secret</div>',
    "hidden attribute": "<div hidden>secret</div>",
    "white on white": '<p style="color:#fff">secret</p>',
    "white on white by font": '<font color="white">secret</font>',
    "white on own white": (
        '<div style="background:#000"><p style="background:#fff;color:white">secret</p></div>'
    ),
    "nearly white": '<p style="color:#fefefe">secret</p>',
    "transparent": '<p style="color:transparent">secret</p>',
    "rgba": '<p style="color:rgba(0,0,0,0)">secret</p>',
    "script": "<script>secret</script>",
    "style": "<style>secret{}</style>",
    "title": "<title>secret</title>",
    "comment": "<!-- secret -->",
    "conditional comment": "<!--[if mso]><p>secret</p><![endif]-->",
    "template": "<template>secret</template>",
    "class": "<style>.x{display:none}</style><p class='a x'>secret</p>",
    "id": "<style>#pre{font-size:0}</style><p id=pre>secret</p>",
    "hidden from Outlook": '<div style="mso-hide:all">secret</div>',
    "opacity of little": '<div style="opacity:0.01">secret</div>',
    "shrunk": '<div style="transform:scale(0)">secret</div>',
    "clipped by a path": '<div style="clip-path:inset(50%)">secret</div>',
    "not embedded": "<noembed>secret</noembed>",
    "no frames": "<noframes>secret</noframes>",
    "alternative text": "<img src='https://t.example/x' alt='secret' title='secret'>",
    "link": "<a href='https://t.example/?name=secret' title='secret' data-name='secret'>x</a>",
    "mail link": "<a href='mailto:secret@mail.example'>write</a>",
    "form value": "<form action='/secret'><input type=hidden value='secret'></form>",
    "label": "<button aria-label='secret' data-tip='secret'>go</button>",
    "picture source": "<img src='cid:secret.jpg' longdesc='secret'>",
    "inside of hidden": '<div style="display:none"><div><p>secret</p></div></div>',
}
SEEN = {
    "visible child of invisible": (
        '<p style="visibility:hidden">x <b style="visibility:visible">seen</b></p>'
    ),
    "sized child of sizeless": (
        '<div style="font-size:0"><p style="font-size:13px">seen</p></div>'
    ),
    "relative size": '<p style="font-size:1em">seen</p>',
    "white on black": '<div style="background:#000"><p style="color:white">seen</p></div>',
    "white on a picture": (
        '<div style="background:url(x.png)"><p style="color:#fff">seen</p></div>'
    ),
    "white on a class": (
        "<style>.dark{background:#000}</style>"
        "<div class=dark><p style='color:#fff'>seen</p></div>"
    ),
    "hidden on phones only": (
        "<style>@media(max-width:1px){.x{display:none}}</style><p class=x>seen</p>"
    ),
    "shown by its own style": (
        "<style>.x{display:none}</style><p class=x style='display:block'>seen</p>"
    ),
    "half see-through": '<div style="opacity:0.5">seen</div>',
    "shrunk a little": '<div style="transform:scale(0.9)">seen</div>',
    "zero height that overflows": '<div style="height:0">seen</div>',
}


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_is_out(name):
    text = html_to_text(f"<html><body>{HIDDEN[name]}<p>rest</p></body></html>")
    assert "secret" not in text
    assert "rest" in text


# Beyond a thousand levels there is no tree: style sheets and grounds are not followed.
FOLLOWED_AT_ANY_DEPTH = sorted(HIDDEN.keys() - {"class", "id", "white on own white"})


@pytest.mark.parametrize("name", FOLLOWED_AT_ANY_DEPTH)
def test_hidden_text_is_out_however_deep_the_mail_is_nested(name):
    text = html_to_text("<div>" * 3_000 + HIDDEN[name] + "<p>rest</p>" + "</div>" * 3_000)
    assert "secret" not in text
    assert "rest" in text


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_text_is_out_of_large_mail(name):
    text = html_to_text(HIDDEN[name] + "<p>word</p>" * 30_000)
    assert "secret" not in text


@pytest.mark.parametrize("name", SEEN)
def test_visible_text_stays(name):
    assert "seen" in html_to_text(f"<html><body>{SEEN[name]}</body></html>")


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>seen</p>", ()),
        ("<p>seen</p><div style='display:none'>Tim, 9</div>", (UNSEEN,)),
        ("<p>seen</p><p style='color:#fff'>Tim, 9</p>", (UNSEEN,)),
        ("<p>seen</p><div style='display:none'>&nbsp;&zwnj;&#847; </div>", ()),
        ("<style>p{color:red}</style><script>x</script><!-- note --><p>seen</p>", ()),
        ("<p>seen</p><img src='https://t.example/o?u=7' width=1 height='1'>", (TRACKER,)),
        ("<p>seen</p><img src='https://t.example/o' style='width:1px;height:0'>", (TRACKER,)),
        ("<p>seen</p><img src='cid:line' width=1 height=1>", ()),
        ("<p>seen</p><img src='https://t.example/logo.png' width=120 height=1>", ()),
    ],
)
def test_what_no_reader_sees_is_told_and_left_out(html, told):
    """Hidden text and tracking pictures; not scripts, comments or fillers of a preview."""
    read = read_html(html)
    assert read.text == "seen"
    assert read.withheld == told


def test_tables_keep_their_rows():
    text = html_to_text(
        "<table><tr><th>Item</th><th>Price</th></tr>"
        "<tr><td>Boiler valve</td><td>$12.00</td></tr></table>"
    )
    rows = [line.split() for line in text.splitlines() if line]
    assert rows == [["Item", "Price"], ["Boiler", "valve", "$12.00"]]


def test_blocks_and_breaks_end_lines_and_entities_are_read():
    text = html_to_text("<p>Gr&uuml;&szlig;e &amp; <b>mehr</b></p>one<br>two")
    assert [line for line in text.splitlines() if line] == ["Grüße & mehr", "one", "two"]


def test_a_style_cannot_fill_memory():
    text = html_to_text('<table><tr><td style="padding-left:99999999em">x</td></tr></table>')
    assert text == "x"


@given(st.text(alphabet="<>/!-='\"abdivstylehn:;0 &#", max_size=300))
@settings(deadline=None)
def test_any_markup_is_text_that_encodes(html):
    html_to_text(html).encode("utf-8")
