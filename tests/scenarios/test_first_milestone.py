"""Two people talk, the machine dies, and nothing is lost."""

import subprocess

from lib.client import Client


def test_post_is_heard_and_outlives_the_server(start_server, driver):
    server = start_server(driver)
    romeo, juliet = Client(server), Client(server)
    first = romeo.sign_up("romeo")
    assert set(first["roles"].split()) == {"system_admin", "system_user"}, "the first account is the system admin"
    second = juliet.sign_up("juliet")
    assert second["roles"] == "system_user"
    romeo.log_in("romeo@verona.example")
    juliet.log_in("juliet")
    team = romeo.make_team("verona")
    romeo.join_team(team, juliet)
    channel = romeo.channel_named(team, "town-square")

    with juliet.socket() as socket:
        post = romeo.say(channel, "it is the east 鸿雁")
        heard = socket.expect("posted", lambda e: e["data"]["post"]["id"] == post["id"])
        assert heard["data"]["post"]["message"] == "it is the east 鸿雁"

    server.kill()
    server.start()

    assert juliet.get(f"/posts/{post['id']}")["message"] == "it is the east 鸿雁", "sessions and posts are still there"
    assert "it is the east 鸿雁" in juliet.messages_of(channel)
    with romeo.socket() as socket:
        answer = juliet.say(channel, "and thou art here")
        socket.expect("posted", lambda e: e["data"]["post"]["id"] == answer["id"])
    assert romeo.clone().log_in("romeo").id == first["id"]


def test_second_server_on_the_same_data_is_refused(start_server):
    server = start_server("sqlite")
    command = server.command()
    command[command.index("--listen") + 1] = "127.0.0.1:0"
    second = subprocess.run(command, env=server.env, capture_output=True, text=True, timeout=30, cwd=server.folder)
    assert second.returncode != 0
    assert (second.stdout + second.stderr).strip(), "it says why"


def test_server_ends_cleanly_with_sockets_open(start_server, driver):
    server = start_server(driver)
    romeo = Client(server)
    romeo.sign_up("romeo")
    romeo.log_in("romeo")
    with romeo.socket() as socket:
        server.stop()
        socket.wait_closed()
    server.start()
