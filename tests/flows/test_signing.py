"""Only what is signed with the secret, now and as it is, is taken."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from flows.signing import ID, SIGNATURE, TIMESTAMP, Unsigned, key_of, signed, verified

# The example of the standard's own libraries; it is nobody's secret.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime.fromtimestamp(1_614_265_330, UTC)
BODY = b'{"test": 2432232314}'
KEY = key_of(SECRET)
HEADERS = {
    ID: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    TIMESTAMP: "1614265330",
    SIGNATURE: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def test_signatures_are_those_of_the_standard():
    """The vector of the published implementations.

    Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/python/tests/test_webhooks.py
    """
    assert signed(KEY, HEADERS[ID], NOW, BODY) == HEADERS
    assert verified(KEY, HEADERS, BODY, NOW) == HEADERS[ID]


def test_one_of_several_signatures_is_enough():
    """A caller that changes its secret signs with both for a while."""
    both = f"v1,{base64.b64encode(b'x' * 32).decode()} {HEADERS[SIGNATURE]} v2,other"
    assert verified(KEY, {**HEADERS, SIGNATURE: both}, BODY, NOW)


@pytest.mark.parametrize("off", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_clocks_may_differ_a_little(off: timedelta):
    assert verified(KEY, HEADERS, BODY, NOW + off)


@pytest.mark.parametrize(
    ("headers", "body", "off"),
    [
        ({}, BODY + b" ", 0),
        ({}, BODY, 301),
        ({}, BODY, -301),
        ({ID: "msg_other"}, BODY, 0),
        ({ID: ""}, BODY, 0),
        ({ID: "a" * 129}, BODY, 0),
        ({ID: "a/b"}, BODY, 0),
        ({TIMESTAMP: "1614265331"}, BODY, 0),
        ({TIMESTAMP: ""}, BODY, 0),
        ({TIMESTAMP: "now"}, BODY, 0),
        ({TIMESTAMP: "9" * 12}, BODY, 0),
        ({TIMESTAMP: "١٦١٤٢٦٥٣٣٠"}, BODY, 0),
        ({SIGNATURE: ""}, BODY, 0),
        ({SIGNATURE: HEADERS[SIGNATURE].replace("v1", "v2")}, BODY, 0),
        ({SIGNATURE: HEADERS[SIGNATURE].removeprefix("v1,")}, BODY, 0),
        ({SIGNATURE: "v1,\udc80"}, BODY, 0),
    ],
)
def test_all_else_is_refused(headers: dict[str, str], body: bytes, off: int):
    """Whatever is changed: the body, the id, the time, the signature, the moment."""
    with pytest.raises(Unsigned):
        verified(KEY, {**HEADERS, **headers}, body, NOW + timedelta(seconds=off))


def test_another_secret_is_no_good():
    with pytest.raises(Unsigned):
        verified(key_of("x" * 24), HEADERS, BODY, NOW)


@pytest.mark.parametrize("secret", ["short", "whsec_!!!!", "whsec_c2hvcnQ=", "x" * 23])
def test_a_secret_that_can_be_guessed_is_refused(secret: str):
    with pytest.raises(ValueError, match=r"bytes|Base64"):
        key_of(secret)
