"""Who may make an account, by the settings."""

import pytest

from lib.client import PASSWORD, Client, unique
from lib.smtp import body_text


@pytest.fixture(scope="module")
def settings(mail):
    return {**mail.settings(), "TeamSettings.RestrictCreationToDomains": "verona.example, mantua.example",
            "EmailSettings.RequireEmailVerification": True, "ServiceSettings.SiteURL": "http://chat.verona.example",
            "TeamSettings.EnableUserDeactivation": True}


@pytest.fixture(scope="module")
def boss(server, documented):
    client = Client(server, documented, "boss")
    client.sign_up("boss")
    return client.log_in("boss")


def body(name=None, domain="verona.example", **fields):
    name = name or unique("lark")
    return {"email": f"{name}@{domain}", "username": name, "password": PASSWORD, **fields}


def token_of(mail, address, page):
    text = body_text(mail.expect(address, lambda m: page in body_text(m)))
    return text.split(page + "?token=")[1].split("&")[0].split()[0]


def test_only_chosen_domains_come_in(boss, server, documented):
    nobody = Client(server, documented)
    nobody.post("/users", body(domain="mantua.example"), expect=201)
    nobody.post("/users", body(domain="MANTUA.example"), expect=201)
    for domain in ("paris.example", "sub.verona.example", "xverona.example"):
        nobody.post("/users", body(domain=domain), expect=400, error="api.user.create_user.accepted_domain.app_error")


def test_address_must_be_confirmed_before_the_first_sign_in(boss, mail, server, documented):
    nobody = Client(server, documented)
    made = body()
    nobody.post("/users", made, expect=201)
    login = {"login_id": made["username"], "password": PASSWORD}
    nobody.post("/users/login", login, expect=401, error="api.user.login.not_verified.app_error")
    nobody.post("/users/login", {**login, "password": "wrong-one-1"}, expect=401,
                error="api.user.login.invalid_credentials_email_username")
    nobody.post("/users/email/verify", {"token": token_of(mail, made["email"], "do_verify_email")})
    nobody.post("/users/login", login)


def test_new_address_counts_once_it_is_confirmed(boss, mail, server, documented):
    nobody = Client(server, documented)
    made = body()
    user = nobody.post("/users", made, expect=201)
    boss.post(f"/users/{user['id']}/email/verify/member")
    person = nobody.clone().log_in(made["username"])
    new = f"{unique('dove')}@mantua.example"
    patch = {"email": new, "password": PASSWORD}
    assert person.put("/users/me/patch", patch)["email"] == made["email"]
    nobody.post("/users/email/verify", {"token": token_of(mail, new, "do_verify_email")})
    assert person.get("/users/me")["email"] == new
    assert new in body_text(mail.expect(made["email"], lambda m: new in body_text(m)))
    person.put("/users/me/patch", {**patch, "email": "x@paris.example"}, expect=400, error="api.user.update_user.accepted_domain.app_error")


def test_own_account_is_deactivated_where_settings_allow_it(boss, mail, server, documented):
    nobody = Client(server, documented)
    made = body()
    user = nobody.post("/users", made, expect=201)
    boss.post(f"/users/{user['id']}/email/verify/member")
    person = nobody.clone().log_in(made["username"])
    person.delete("/users/me")
    person.get("/users/me", expect=401)
    mail.expect(made["email"], lambda m: "deactivated" in m["subject"])
    nobody.post("/users/login", {"login_id": made["username"], "password": PASSWORD}, expect=401, error="api.user.login.inactive.app_error")


def test_tokens_are_of_their_kind(boss, mail, server, documented):
    nobody = Client(server, documented)
    made = body()
    nobody.post("/users", made, expect=201)
    token = token_of(mail, made["email"], "do_verify_email")
    nobody.post("/users/password/reset", {"token": token, "new_password": "Some-thing-9"}, expect=400,
                error="api.user.reset_password.invalid_link.app_error")
    nobody.post("/users", body(), params={"t": token}, expect=400, error="api.user.create_user.signup_link_invalid.app_error")
    for bad in ("", "short", "z" * 26, 5):
        nobody.post("/users/email/verify", {"token": bad}, expect=400)
        nobody.post("/users/password/reset", {"token": bad, "new_password": "Some-thing-9"}, expect=400)


def test_letter_is_in_the_language_of_its_reader_and_cannot_be_bent(boss, mail, server, documented):
    nobody = Client(server, documented)
    made = body(locale="zh-CN", nickname="a\r\nBcc: all@verona.example")
    nobody.post("/users", made, expect=201)
    letter = mail.expect(made["email"])
    assert any("一" <= c <= "鿿" for c in letter["subject"]) and letter["message"]["Auto-Submitted"] == "auto-generated"
    assert letter["to"] == [made["email"]] and letter["message"]["Bcc"] is None
    assert letter["message"].get_body(("html",)).get_content().startswith("<!doctype html><html lang=\"zh-CN\">")
