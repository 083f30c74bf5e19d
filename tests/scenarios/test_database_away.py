"""PostgreSQL goes away and comes back: refusals meanwhile, then everything works again without a restart."""

import time

from lib.client import Client
from lib.postgres import Cluster
from lib.server import Server


def test_server_outlives_its_database(request):
    cluster = Cluster()
    request.addfinalizer(cluster.close)
    server = Server("postgres", cluster)
    request.addfinalizer(lambda: server.is_alive() and server.kill())
    server.start()
    romeo = Client(server)
    romeo.sign_up("romeo")
    romeo.log_in("romeo")
    team = romeo.make_team("verona")
    channel = romeo.make_channel(team)
    romeo.say(channel, "before")

    cluster.run("pg_ctl", "-D", f"{cluster.folder}/data", "-m", "immediate", "-w", "stop")
    body = {"channel_id": channel["id"], "message": "meanwhile"}
    romeo.post("/posts", body, expect=(500, 503), check=False)
    assert server.is_alive()
    cluster.start()

    deadline = time.monotonic() + 20
    while True:
        romeo.post("/posts", {**body, "message": "after"}, expect=(201, 500, 503), check=False)
        if romeo.last.status_code == 201:
            break
        assert time.monotonic() < deadline, "the server does not find its database again"
        time.sleep(0.1)
    messages = romeo.messages_of(channel)
    assert "before" in messages and "after" in messages and "meanwhile" not in messages
    server.close()
