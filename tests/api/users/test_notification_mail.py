"""Letters about messages: who gets one, and what is in it."""

import pytest

from lib.client import unique
from lib.smtp import Sink, body_text
from lib.server import free_port


@pytest.fixture(scope="module")
def settings(mail):
    return {**mail.settings(), "ServiceSettings.SiteURL": "http://chat.verona.example"}


@pytest.fixture
def away(world, team, channel):
    """A member of team and channel who is not there."""
    person = world.person(unique("friar"))
    world.admin.join_team(team, person)
    world.admin.post(f"/channels/{channel['id']}/members", {"user_id": person.id}, expect=201)
    return person


def letters_to(mail, person):
    return [m for m in mail.mails if person.user["email"] in m["to"] and "welcome" not in m["subject"].lower()]


def settle(romeo, mail, world):
    """A later message's letter has come: letters of earlier ones would be there too (jobs run in the order they came)."""
    marker = world.person(unique("marker"))
    romeo.say(romeo.direct(marker), "marker")
    mail.expect(marker.user["email"], lambda m: "marker" in body_text(m))


def test_mentioned_one_who_is_away_gets_a_letter(romeo, mail, away, team, channel):
    post = romeo.say(channel, f"@{away.username} 明天 <b>see</b> you")
    letter = mail.expect(away.user["email"], lambda m: "mentioned" in m["subject"])
    text = body_text(letter)
    assert "明天 <b>see</b> you" in text and f"http://chat.verona.example/{team['name']}/pl/{post['id']}" in text
    html = letter["message"].get_body(("html",)).get_content()
    assert "<b>see" not in html and "&lt;b&gt;see" in html


def test_direct_message_to_one_who_is_away_is_mailed(romeo, mail, away):
    romeo.say(romeo.direct(away), "soft, what light")
    letter = mail.expect(away.user["email"], lambda m: "wrote to you" in m["subject"])
    assert "romeo" in letter["subject"] and "soft, what light" in body_text(letter)


def test_who_is_there_or_does_not_want_them_gets_none(romeo, mail, away, channel, sockets, world):
    sockets(away)
    romeo.say(channel, f"@{away.username} you are here")
    quiet = world.person(unique("quiet"))
    quiet.put(f"/users/{quiet.id}/patch", {"notify_props": {"email": "false"}})
    romeo.say(romeo.direct(quiet), "no letters please")
    romeo.say(channel, "nobody is called")
    settle(romeo, mail, world)
    assert not letters_to(mail, away) and not letters_to(mail, quiet)


def test_do_not_disturb_holds_letters_back(romeo, mail, away, channel, world):
    away.put(f"/users/{away.id}/status", {"user_id": away.id, "status": "dnd"})
    romeo.say(channel, f"@{away.username} quiet now")
    settle(romeo, mail, world)
    assert not letters_to(mail, away)


def test_followers_of_a_thread_hear_of_answers(romeo, mail, away, channel):
    root = away.say(channel, "who comes to the feast")
    away.put(f"/users/{away.id}/status", {"user_id": away.id, "status": "offline"})
    romeo.say(channel, "I do", root_id=root["id"])
    letter = mail.expect(away.user["email"], lambda m: "thread you follow" in m["subject"])
    assert "I do" in body_text(letter)


def test_letter_waits_for_the_mail_server_and_survives_kill_9(start_server, driver):
    from lib.client import Client
    port = free_port()
    server = start_server(driver, {"EmailSettings.SMTPServer": "127.0.0.1", "EmailSettings.SMTPPort": str(port)})
    admin = Client(server, None, "admin")
    admin.sign_up("admin")
    admin.post("/users/password/reset/send", {"email": "admin@verona.example"})
    server.kill()
    sink = Sink(port)
    try:
        server.start()
        assert "reset" in body_text(sink.expect("admin@verona.example", lambda m: "Reset" in m["subject"], timeout=60))
    finally:
        sink.close()
