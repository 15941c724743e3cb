"""Bytes become clean text, and no charset label makes that fail."""

from encodings.aliases import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.intake.charsets import clean, clean_line, decode

LABELS = sorted({*aliases.values(), "idna", "x", "utf-8*en"})


@given(st.binary(max_size=200), st.sampled_from(LABELS) | st.text(max_size=10))
def test_any_bytes_under_any_label_are_text_that_encodes(data, label):
    text, _ = decode(data, label)
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("Grüße", "utf-8", "utf-8"),
        ("Grüße \u2013 “quoted”", "cp1252", "iso-8859-1"),
        ("żółć", "cp1250", "windows-1250"),
        ("漏水", "gb18030", "gb2312"),
        ("水漏れ", "iso2022_jp", "iso-2022-jp"),
        ("水漏れ", "iso2022_jp", ""),
        ("Grüße", "utf-16", "utf-8"),
        ("Grüße", "utf-8-sig", "us-ascii"),
        ("누수", "cp949", "ks_c_5601-1987"),
    ],
)
def test_text_comes_back(text, codec, label):
    assert decode(text.encode(codec), label)[0] == text


def test_dangerous_codecs_are_never_used():
    data = b"hello \\u0041"
    assert decode(data, "unicode_escape") == ("hello \\u0041", "unknown charset")
    assert decode(b"xn--", "punycode") == ("xn--", "unknown charset")


def test_clean_text_has_no_control_characters_and_no_hidden_ones():
    assert clean("a\r\nb\rc\u2028d\x0be") == "a\nb\nc\nd\ne"
    assert clean("inv\u200boice\u00ad \u202eevil\u202c") == "invoice evil"
    assert clean("a\u00a0b\u2003c") == "a b c"
    assert clean("x\ud800y\x00\x1bz\ttab") == "xyz\ttab"
    assert clean_line(" a \n\t b ") == "a b"


@given(st.text(max_size=200))
def test_cleaning_is_done_after_the_first_time(text):
    assert clean(clean(text)) == clean(text)
