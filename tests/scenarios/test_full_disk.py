"""A full disk: posts are refused with a clear 503, reading goes on, and when space returns so does the server, by itself."""

import subprocess

import pytest

from lib.client import Client


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MB for the data directory."""
    mount = tmp_path / "disk"
    mount.mkdir()
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(mount)], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip("mounting a small file system takes root: " + tried.stderr.strip())
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=True)


def test_full_disk_refuses_writes_and_recovers_by_itself(small_disk, start_server):
    server = start_server("sqlite", data_dir=small_disk / "data")
    romeo = Client(server)
    romeo.sign_up("romeo")
    romeo.log_in("romeo")
    team = romeo.make_team("verona")
    channel = romeo.channel_named(team, "town-square")
    acknowledged = [romeo.say(channel, f"before {i}")["id"] for i in range(5)]

    filler = small_disk / "filler"
    with open(filler, "wb") as file:
        try:
            while True:
                file.write(b"x" * 65536)
                file.flush()
        except OSError:
            pass
    refused = None
    for i in range(3000):  # the database has some pages to spare before it must grow
        romeo.post("/posts", {"channel_id": channel["id"], "message": "y" * 4000}, expect=(201, 503))
        answer = romeo.last
        if answer.status_code != 201:
            refused = answer
            break
        acknowledged.append(answer.json()["id"])
    assert refused is not None and refused.status_code == 503, refused
    assert refused.json()["id"] == "api.context.server_busy.app_error"
    assert "Retry-After" in refused.headers
    assert romeo.get(f"/posts/{acknowledged[0]}")["message"] == "before 0"

    filler.unlink()
    acknowledged.append(romeo.say(channel, "after")["id"])
    for post_id in acknowledged:
        romeo.get(f"/posts/{post_id}")
    server.kill()
    server.start()
    for post_id in acknowledged:
        romeo.get(f"/posts/{post_id}")
