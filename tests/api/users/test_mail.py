"""What is sent by mail: new passwords, confirmations, invitations."""

import re

import pytest

from lib.client import PASSWORD, unique
from lib.smtp import body_text


@pytest.fixture(scope="module")
def settings(mail):
    return {**mail.settings(), "ServiceSettings.SiteURL": "http://chat.verona.example", "ServiceSettings.EnableEmailInvitations": True}


def token_in(letter, page):
    found = re.search(page + r"\?token=([A-Za-z0-9]+)", body_text(letter))
    assert found, body_text(letter)
    return found.group(1)


def test_forgotten_password_is_replaced_through_a_letter(world, mail, nobody):
    person = world.person(unique("paris"))
    nobody.post("/users/password/reset/send", {"email": person.user["email"]})
    token = token_in(mail.expect(person.user["email"], lambda m: "reset" in body_text(m)), "reset_password_complete")
    nobody.post("/users/password/reset", {"token": token, "new_password": "x"}, expect=400)
    nobody.post("/users/password/reset", {"token": token, "new_password": "Sweet-sorrow-9"})
    nobody.clone().log_in(person.username, "Sweet-sorrow-9")
    person.get("/users/me", expect=401)
    nobody.post("/users/password/reset", {"token": token, "new_password": "Again-and-again-1"}, expect=400)


def test_forgotten_password_does_not_tell_who_has_an_account(nobody, mail):
    nobody.post("/users/password/reset/send", {"email": "nobody@mantua.example"})
    nobody.post("/users/password/reset/send", {"email": "not-an-address"}, expect=(200, 400))
    nobody.post("/users/password/reset/send", {}, expect=400)
    assert not [m for m in mail.mails if "nobody@mantua.example" in m["to"]]


def test_address_is_confirmed_through_a_letter(world, mail, nobody):
    person = world.person(unique("servant"))
    nobody.post("/users/email/verify/send", {"email": person.user["email"]})
    token = token_in(mail.expect(person.user["email"], lambda m: "do_verify_email" in body_text(m)), "do_verify_email")
    nobody.post("/users/email/verify", {"token": token})
    assert world.admin.get(f"/users/{person.id}")["email_verified"] is True
    nobody.post("/users/email/verify", {"token": token}, expect=400)


def test_invitation_by_mail_lets_its_receiver_in(romeo, admin, mail, nobody, team):
    admin.post(f"/teams/{team['id']}/invite/email", ["rosaline@mantua.example"])
    letter = mail.expect("rosaline@mantua.example")
    found = re.search(r"signup_user_complete/?\?\S*?t=([a-z0-9]+)", body_text(letter))
    assert found, body_text(letter)
    token = found.group(1)
    body = {"email": "rosaline@mantua.example", "username": "rosaline", "password": PASSWORD}
    nobody.post("/users", body, params={"t": token}, expect=201)
    assert [t["id"] for t in nobody.clone().log_in("rosaline").get("/users/me/teams")] == [team["id"]]
    nobody.post("/users", {**body, "username": "other", "email": "other@mantua.example"}, params={"t": token}, expect=400)


def test_invitations_are_for_those_who_may(paris, nobody, team):
    paris.post(f"/teams/{team['id']}/invite/email", ["x@mantua.example"], expect=403)
    nobody.post(f"/teams/{team['id']}/invite/email", ["x@mantua.example"], expect=401)


def test_bad_invitations_are_refused(admin, team):
    admin.post(f"/teams/{team['id']}/invite/email", [], expect=400)
    admin.post(f"/teams/{team['id']}/invite/email", ["not an address"], expect=400)
