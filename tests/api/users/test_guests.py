"""Guests: whom they see, and of whom they hear."""

from lib.client import unique


def test_guest_hears_only_of_people_in_shared_channels(guest, romeo, paris, sockets):
    socket = sockets(guest)
    paris.put(f"/users/{paris.id}/patch", {"nickname": unique("unseen")})
    romeo.put(f"/users/{romeo.id}/patch", {"nickname": unique("seen")})
    socket.expect("user_updated", lambda e: e["data"]["user"]["id"] == romeo.id)
    assert not socket.has("user_updated", lambda e: e["data"]["user"]["id"] == paris.id)
    guest.get(f"/users/{romeo.id}")
    guest.get(f"/users/{paris.id}", expect=403)


def test_guest_does_not_hear_of_new_people(world, guest, sockets):
    socket, members = sockets(guest), sockets(world.romeo)
    stranger = world.person(unique("new"))
    members.expect("new_user", lambda e: e["data"]["user_id"] == stranger.id)
    socket.fence(guest)
    assert not socket.has("new_user")
