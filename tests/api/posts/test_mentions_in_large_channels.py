"""Posts: calling everybody where everybody is too many."""

import pytest


@pytest.fixture(scope="module")
def settings():
    return {"TeamSettings.MaxNotificationsPerChannel": 3}


def test_whole_channel_is_not_called_when_it_is_large(romeo, juliet, channel):
    juliet.post("/channels/members/me/view", {"channel_id": channel["id"]})
    romeo.say(channel, "@channel come")  # three members: admin, romeo, juliet
    assert juliet.member_of(channel)["mention_count"] == 0
    romeo.say(channel, "@juliet come")
    assert juliet.member_of(channel)["mention_count"] == 1
