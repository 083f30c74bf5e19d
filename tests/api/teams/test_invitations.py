"""Invitations by mail: sending them, and what their links bring."""

import re

import pytest

from lib.client import new_id, unique
from lib.smtp import body_text


@pytest.fixture(scope="module")
def settings(mail):
    return {**mail.settings(), "ServiceSettings.EnableEmailInvitations": True, "ServiceSettings.SiteURL": "http://chat.example"}


@pytest.fixture
def own_team(romeo):
    return romeo.make_team()


def invite(client, team, emails, **options):
    return client.post(f"/teams/{team['id']}/invite/email", emails, **options)


def token_of(mail):
    return re.search(r"[?&]t=([0-9a-z]+)", body_text(mail)).group(1)


def address():
    return f"{unique('rosaline')}@verona.example"


def test_link_in_the_mail_makes_an_account_in_the_team(romeo, nobody, own_team, mail):
    email = address()
    assert invite(romeo, own_team, [email])["status"] == "OK"
    token = token_of(mail.expect(email))
    name = unique("rosaline")
    body = {"email": "other@verona.example", "username": name, "password": "Wherefore-1597"}
    user = nobody.post("/users", body, params={"t": token}, expect=201)
    assert user["email"] == email
    client = nobody.clone().log_in(name)
    assert [t["id"] for t in client.get("/users/me/teams")] == [own_team["id"]]
    nobody.post("/users", {**body, "username": unique("x")}, params={"t": token}, expect=400)


def test_somebody_with_an_account_joins_by_the_link_once(romeo, juliet, paris, own_team, mail):
    channel = romeo.make_channel(own_team, kind="P")
    email = address()
    invite(romeo, own_team, {"emails": [email], "channelIds": [channel["id"]], "message": "Come"})
    token = token_of(mail.expect(email))
    member = juliet.post("/teams/members/invite", params={"token": token}, expect=201)
    assert member["team_id"] == own_team["id"] and member["user_id"] == juliet.id
    assert channel["id"] in {c["id"] for c in juliet.get(f"/users/me/teams/{own_team['id']}/channels")}
    paris.post("/teams/members/invite", params={"token": token}, expect=400)
    paris.post("/teams/members/invite", params={"token": new_id()}, expect=400)


def test_graceful_tells_of_each_address(romeo, own_team, mail):
    good = address()
    told = {row["email"]: row["error"] for row in invite(romeo, own_team, [good, "no address"], params={"graceful": "true"})}
    assert told[good] is None and told["no address"]["status_code"] == 400
    assert mail.expect(good)


@pytest.mark.parametrize("body", [[], {}, "x", ["no address"], [1], {"emails": []}, {"emails": "a@b.example"}, {"emails": ["a@b.example"], "channelIds": ["x"]}])
def test_bad_invitations_are_refused(romeo, own_team, body):
    invite(romeo, own_team, body, expect=400)


def test_channels_of_another_team_are_refused(romeo, own_team):
    other = romeo.make_channel(romeo.make_team())
    for channel_id in (other["id"], new_id()):
        invite(romeo, own_team, {"emails": [address()], "channelIds": [channel_id]}, expect=400)


def test_addresses_outside_the_allowed_domains_are_refused(romeo, own_team):
    romeo.put(f"/teams/{own_team['id']}/patch", {"allowed_domains": "mantua.example"})
    invite(romeo, own_team, [address()], expect=400, error="api.team.invite_members.invalid_email.app_error")


def test_outsiders_invite_nobody(paris, nobody, own_team):
    invite(paris, own_team, [address()], expect=403, error="api.context.permissions.app_error")
    invite(nobody, own_team, [address()], expect=401)


def test_admin_takes_all_invitations_back(admin, romeo, paris, own_team, mail):
    email = address()
    invite(romeo, own_team, [email])
    token = token_of(mail.expect(email))
    romeo.delete("/teams/invites/email", expect=403)
    admin.delete("/teams/invites/email")
    paris.post("/teams/members/invite", params={"token": token}, expect=400)


def test_guest_sees_the_channels_of_the_invitation_only(romeo, admin, nobody, mail):
    team = admin.make_team()
    channel = admin.make_channel(team)
    email = address()
    path = f"/teams/{team['id']}/invite-guests/email"
    admin.post(path, {"emails": [email]}, expect=400)
    admin.post(path, {"emails": [email], "channels": [channel["id"]]})
    name = unique("guest")
    nobody.post("/users", {"email": email, "username": name, "password": "Wherefore-1597"}, params={"t": token_of(mail.expect(email))}, expect=201)
    guest = nobody.clone().log_in(name)
    assert {c["id"] for c in guest.get(f"/users/me/teams/{team['id']}/channels")} == {channel["id"]}
    assert guest.get(f"/teams/{team['id']}/members/{guest.id}")["scheme_guest"]
    romeo.post(path, {"emails": [email], "channels": [channel["id"]]}, expect=403)
