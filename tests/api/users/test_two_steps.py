"""Two-step sign-in: a code of an authenticator app after the password."""

import base64
import hashlib
import hmac
import struct
import time

import pytest

from lib.client import PASSWORD, unique

BAD_CODE = "api.user.check_user_mfa.bad_code.app_error"


@pytest.fixture(scope="module")
def settings(mail):
    return {**mail.settings(), "ServiceSettings.EnableMultifactorAuthentication": True}


def code_of(secret, steps=0):
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


@pytest.fixture
def person(world):
    return world.person(unique("apothecary"))


@pytest.fixture
def secret(person):
    """Of somebody who has switched it on, with the code of the step before."""
    made = person.post("/users/me/mfa/generate")
    person.put("/users/me/mfa", {"activate": True, "code": code_of(made["secret"], -1)})
    return made["secret"]


def sign_in(client, person, code="", **more):
    return client.post("/users/login", {"login_id": person.username, "password": PASSWORD, "token": code}, **more)


def test_picture_of_the_secret_is_a_png(person):
    made = person.post("/users/me/mfa/generate")
    assert base64.b64decode(made["qr_code"]).startswith(b"\x89PNG\r\n\x1a\n") and len(base64.b32decode(made["secret"])) == 20
    assert not person.get("/users/me").get("mfa_active")


def test_code_is_asked_for_after_the_password(person, secret, nobody, mail):
    assert person.get("/users/me")["mfa_active"] is True
    mail.expect(person.user["email"], lambda m: "Two-step" in m["subject"])
    sign_in(nobody, person, expect=400, error="mfa.validate_token.authenticate.app_error")
    sign_in(nobody, person, "000000" if code_of(secret) != "000000" else "000001", expect=401, error=BAD_CODE)
    sign_in(nobody, person, code_of(secret, 5), expect=401, error=BAD_CODE)
    sign_in(nobody, person, code_of(secret))
    nobody.post("/users/login", {"login_id": person.username, "password": "wrong-one-1", "token": code_of(secret)}, expect=401,
                error="api.user.login.invalid_credentials_email_username")


def test_code_counts_once(person, secret, nobody):
    code = code_of(secret)
    sign_in(nobody, person, code)
    sign_in(nobody, person, code, expect=401, error=BAD_CODE)


def test_wrong_codes_lock_the_account(person, secret, nobody):
    for _ in range(10):
        sign_in(nobody, person, code_of(secret, 7), expect=401, error=BAD_CODE)
    sign_in(nobody, person, code_of(secret), expect=401, error="api.user.check_user_login_attempts.too_many.app_error")


def test_switching_on_needs_a_right_code(person):
    person.put("/users/me/mfa", {"activate": True, "code": "123456"}, expect=401)
    made = person.post("/users/me/mfa/generate")
    person.put("/users/me/mfa", {"activate": True, "code": code_of(made["secret"], 9)}, expect=401)
    for body in ({}, {"activate": "yes"}, {"activate": True}, {"activate": True, "code": 5}):
        person.put("/users/me/mfa", body, expect=400)


def test_active_secret_is_not_replaced_but_switched_off(person, secret, nobody, admin, romeo):
    person.post("/users/me/mfa/generate", expect=401)
    romeo.put(f"/users/{person.id}/mfa", {"activate": False}, expect=403)
    romeo.post(f"/users/{person.id}/mfa/generate", expect=403)
    admin.put(f"/users/{person.id}/mfa", {"activate": False})
    sign_in(nobody, person)


def test_where_it_is_switched_off_there_is_none(start_server, driver):
    from lib.client import Client
    client = Client(start_server(driver, {"ServiceSettings.EnableMultifactorAuthentication": False}))
    client.sign_up("admin")
    client.log_in("admin")
    client.post("/users/me/mfa/generate", expect=501, error="mfa.mfa_disabled.app_error")


def test_where_it_is_demanded_nothing_goes_before_it(start_server, driver):
    from lib.client import Client
    client = Client(start_server(driver, {"ServiceSettings.EnableMultifactorAuthentication": True,
                                          "ServiceSettings.EnforceMultifactorAuthentication": True}))
    client.sign_up("admin")
    client.log_in("admin")
    client.get("/users/me", expect=403, error="api.context.mfa_required.app_error")
    made = client.post("/users/me/mfa/generate")
    client.put("/users/me/mfa", {"activate": True, "code": code_of(made["secret"])})
    client.get("/users/me")
