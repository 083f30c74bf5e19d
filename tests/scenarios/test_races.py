"""The same thing asked several times at the same moment."""

import threading
import time

from lib.client import PASSWORD, Client, unique


def at_once(count, job):
    """Runs job(i) in `count` threads that start together; returns what they returned, or raised."""
    barrier = threading.Barrier(count)
    results = [None] * count

    def run(i):
        barrier.wait()
        try:
            results[i] = job(i)
        except BaseException as problem:  # noqa: BLE001: handed to the test
            results[i] = problem

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def copies(client, count):
    """Clients of the same session: a requests.Session is for one thread."""
    made = []
    for _ in range(count):
        copy = client.clone()
        copy.token, copy.user, copy.name = client.token, client.user, client.name
        made.append(copy)
    return made


def statuses(clients, results):
    wrong = [r for r in results if isinstance(r, BaseException)]
    assert not wrong, wrong
    return sorted(client.last.status_code for client in clients)


def test_one_pending_id_makes_one_post(world):
    romeo = world.romeo
    channel = romeo.channel_named(world.team, "town-square")
    for round_number in range(5):
        pending = f"{romeo.id}:{int(time.time() * 1000)}{round_number}"
        message = f"only once {round_number}"
        clients = copies(romeo, 6)
        body = {"channel_id": channel["id"], "message": message, "pending_post_id": pending}
        results = at_once(6, lambda i: clients[i].post("/posts", body, expect=None, check=False))
        codes = statuses(clients, results)
        assert set(codes) <= {201, 500, 503} and 201 in codes, codes
        assert len({r["id"] for r in results if "message" in r and r.get("message") == message}) == 1
        assert romeo.messages_of(channel).count(message) == 1


def test_one_name_makes_one_account(world):
    name = unique("twin")
    clients = [world.nobody.clone() for _ in range(6)]
    results = at_once(6, lambda i: clients[i].post("/users", {"email": f"{name}@verona.example", "username": name, "password": PASSWORD}, expect=None))
    assert statuses(clients, results) == [201, 400, 400, 400, 400, 400]


def test_one_name_makes_one_team(world):
    name = unique("twin")
    clients = copies(world.romeo, 6)
    results = at_once(6, lambda i: clients[i].post("/teams", {"name": name, "display_name": "Twin", "type": "O"}, expect=None))
    assert statuses(clients, results) == [201, 400, 400, 400, 400, 400]


def test_one_name_makes_one_channel(world):
    name = unique("twin")
    clients = copies(world.romeo, 6)
    body = {"team_id": world.team["id"], "name": name, "display_name": "Twin", "type": "O"}
    results = at_once(6, lambda i: clients[i].post("/channels", body, expect=None))
    assert statuses(clients, results) == [201, 400, 400, 400, 400, 400]


def test_two_people_open_one_direct_channel(world):
    clients = copies(world.romeo, 3) + copies(world.juliet, 3)
    body = [world.romeo.id, world.juliet.id]
    results = at_once(6, lambda i: clients[i].post("/channels/direct", body, expect=(200, 201)))
    statuses(clients, results)
    assert len({r["id"] for r in results}) == 1


def test_one_reaction_counts_once(world):
    romeo = world.romeo
    post = romeo.say(romeo.channel_named(world.team, "town-square"), "love me")
    clients = copies(romeo, 6)
    body = {"user_id": romeo.id, "post_id": post["id"], "emoji_name": "heart"}
    statuses(clients, at_once(6, lambda i: clients[i].post("/reactions", body, expect=(200, 201))))
    assert len(romeo.get(f"/posts/{post['id']}/reactions")) == 1


def test_first_account_is_the_only_admin_even_when_many_come_first(start_server, driver):
    server = start_server(driver)
    clients = [Client(server) for _ in range(4)]
    users = at_once(4, lambda i: clients[i].sign_up(f"first{i}"))
    statuses(clients, users)
    assert sum("system_admin" in user["roles"] for user in users) == 1


def test_joining_at_once_is_counted_right(world):
    count = 8
    team = world.romeo.make_team(allow_open_invite=True)
    people = [world.person(unique("citizen")) for _ in range(count)]
    results = at_once(count, lambda i: people[i].join_team(team, people[i]))
    statuses(people, results)
    assert len(world.romeo.get(f"/teams/{team['id']}/members", params={"per_page": 200})) == count + 1
