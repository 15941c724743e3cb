"""File names come apart into words, and what is taken out of the words leaves the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymizer.text.file_names import spread


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MariaLopez_lease.pdf", "Maria Lopez lease"),
        ("IMG_Lucas_room.jpg", "IMG Lucas room"),
        ("Lucas2024.jpeg", "Lucas 2024"),
        ("2024Lucas.jpeg", "2024 Lucas"),
        ("lopez-maria.pdf", "Lopez Maria"),
        ("Maria.Lopez.W9.pdf", "Maria Lopez W9"),
        ("PDFLopez.txt", "PDF Lopez"),
        ("Photo%20of%20Tim.HEIC", "Photo of Tim"),
        ("ÉlodieMartin.docx", "Élodie Martin"),
        ("IMG_20240504_123456.jpg", "IMG 20240504_123456"),
        ("unit4B_518_555_0143.jpg", "Unit 4B 518 555 0143"),
        ("lopez_maria_W9.pdf", "Lopez Maria W9"),
        ("2026-05-04.png", "2026-05-04"),
        ("O'Brien_house.jpg", "O'Brien house"),
        ("Clients/LopezMaria/a.pdf", "Clients\nLopez Maria\na"),
        ("letter.lopez", "Letter Lopez"),
        (".pdf", ""),
        ("", ""),
    ],
)
def test_glued_words_come_apart(name, words):
    """At joints, at capitals, between letters and digits; an ending that is a type goes."""
    assert spread(name).text == words


def test_small_letters_come_apart_where_they_are_known_names():
    assert spread("marialopez_lease.pdf", ["Maria Lopez"]).text == "Maria Lopez Lease"
    assert spread("marialopez_lease.pdf").text == "Marialopez Lease"
    assert spread("mariachi.pdf", ["Maria Chin"]).text == "Mariachi"


@pytest.mark.parametrize(
    ("name", "stretches", "clean"),
    [
        ("MariaLopez_lease.pdf", [(0, 11, "<PERSON_1>")], "<PERSON_1>_lease.pdf"),
        ("IMG_Lucas_room.jpg", [(4, 9, "<CHILD_1>")], "IMG_<CHILD_1>_room.jpg"),
        ("Lucas2024.jpg", [(0, 5, "<CHILD_1>")], "<CHILD_1>2024.jpg"),
        ("Photo%20of%20Tim.HEIC", [(9, 12, "<CHILD_1>")], "Photo%20of%20<CHILD_1>.HEIC"),
        ("a_b.pdf", [(0, 1, "<X>"), (2, 3, "<Y>")], "<X>_<Y>.pdf"),
        ("CP-1043_rev2.pdf", [], "CP-1043_rev2.pdf"),
    ],
)
def test_what_is_taken_out_of_the_words_leaves_the_name(name, stretches, clean):
    assert spread(name).given_back(stretches) == clean


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
def test_any_name_comes_back_as_it_was_given(name, known):
    """Nothing taken out, nothing changed; each word stands where it stood."""
    words = spread(name, known)
    assert words.given_back([]) == name
    assert len(words.origin) == len(words.text)
    for char, at in zip(words.text, words.origin, strict=True):
        assert char.lower() in (" ", "\n", name[at].lower())


@given(st.text(max_size=40), st.data())
def test_a_stretch_that_is_taken_out_is_gone(name, data):
    """Whatever is replaced does not stand in the name any more, and the rest does."""
    words = spread(name)
    start = data.draw(st.integers(0, len(words.text)))
    end = data.draw(st.integers(start, len(words.text)))
    clean = words.given_back([(start, end, "")])
    assert len(clean) <= len(name) - len(words.text[start:end].replace(" ", ""))
