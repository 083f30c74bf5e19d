"""The command line: accounts, backup and restore, check."""

import json
import os
import subprocess

import pytest

from lib.client import Client, unique
from lib.server import BINARY


def run(server, *words, typed=None, expect=0, data=None):
    """Runs `anser WORDS` on the server's data; returns what it printed on both channels."""
    done = subprocess.run([str(BINARY), *words, "--data", str(data or server.folder / "data")], env=server.env, cwd=server.folder,
                          input=typed, capture_output=True, text=True, timeout=60)
    assert done.returncode == expect, (done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def test_account_is_made_while_the_server_runs(server, nobody):
    name = unique("friar")
    run(server, "user", "create", "--username", name, "--email", f"{name}@verona.example", typed="Wherefore-1597\n")
    person = nobody.clone().log_in(name)
    assert "system_admin" not in person.user["roles"] and name in run(server, "user", "list")


def test_admin_is_made_by_a_flag(server, nobody):
    name = unique("duke")
    run(server, "user", "create", "--username", name, "--email", f"{name}@verona.example", "--password", "Wherefore-1597", "--admin")
    assert nobody.clone().log_in(name).user["roles"] == "system_admin system_user"


@pytest.mark.parametrize("words, code", [
    (["--username", "romeo", "--email", "other@verona.example", "--password", "Wherefore-1597"], 1),
    (["--username", "a b", "--email", "other@verona.example", "--password", "Wherefore-1597"], 1),
    (["--username", "abc", "--email", "other@verona.example", "--password", "short"], 1),
    (["--username", "abc", "--password", "Wherefore-1597"], 2),
    (["--username"], 2),
    (["--no-such-option"], 2),
])
def test_bad_accounts_are_refused_with_a_reason(server, world, words, code):
    assert run(server, "user", "create", *words, expect=code).strip()


def test_password_is_set_and_ends_all_sessions(server, world, nobody):
    person = world.person(unique("tybalt"))
    run(server, "user", "password", person.username, typed="Prince-of-cats-9\n")
    nobody.post("/users/login", {"login_id": person.username, "password": "Wherefore-1597"}, expect=401)
    nobody.clone().log_in(person.username, "Prince-of-cats-9")
    assert "nobody is called" in run(server, "user", "password", "no-such-person", typed="x\n", expect=1)


def test_unknown_command_says_what_there_is(server):
    assert "usage: anser" in run(server, "sing", expect=2)
    assert "usage: anser" in run(server, "help")


def test_check_finds_a_good_place_good(server):
    told = run(server, "check")
    assert "BAD" not in told and "server: running" in told and "schema: version" in told


def test_check_names_what_is_wrong(server):
    data = server.folder / "wrong"
    data.mkdir()
    (data / "anser.json").write_text("{")
    assert "not a JSON object" in run(server, "check", data=data, expect=1)


def test_backup_of_a_running_server_comes_back_whole(server, driver, romeo, channel, make_server):
    if driver != "sqlite":
        pytest.skip("PostgreSQL has its own tools")
    romeo.say(channel, "O, speak again, bright angel")
    info = romeo.upload(channel, content="西窗烛".encode())
    other = make_server(driver, None)
    copy, data = server.folder / unique("copy"), other.folder / "data"
    run(server, "backup", str(copy))
    romeo.say(channel, "after the copy")
    assert "not an empty folder" in run(server, "backup", str(copy), expect=1)
    assert "is not empty" in run(server, "restore", str(copy), expect=1)
    run(server, "restore", str(copy), data=data)
    try:
        other.start()
        again = Client(other).log_in("romeo")
        messages = again.messages_of(channel)
        assert "O, speak again, bright angel" in messages and "after the copy" not in messages
        assert again.get(f"/files/{info['id']}") == "西窗烛".encode()
    finally:
        other.stop()


def test_damaged_backup_is_not_restored(server, driver):
    if driver != "sqlite":
        pytest.skip("PostgreSQL has its own tools")
    copy = server.folder / unique("copy")
    run(server, "backup", str(copy))
    with open(copy / "anser.db", "r+b") as file:
        file.seek(5000)
        file.write(b"x")
    assert "not what it was" in run(server, "restore", str(copy), data=server.folder / unique("data"), expect=1)


def test_backup_that_leads_out_of_its_folder_is_not_restored(server, driver):
    copy = server.folder / unique("copy")
    os.makedirs(copy)
    (copy / "manifest.json").write_text(json.dumps({"database": "sqlite", "files": [{"path": "../../evil", "size": 1, "sha256": "x"}]}))
    assert "no file of a backup" in run(server, "restore", str(copy), data=server.folder / unique("data"), expect=1)
