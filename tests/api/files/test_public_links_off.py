"""Public links, as they are by default: off."""

import pytest

from lib.client import new_id


@pytest.fixture(scope="module")
def settings():
    return {"FileSettings.EnablePublicLink": False}


def test_no_link_is_made_and_none_opens(romeo, nobody, channel):
    info = romeo.upload(channel)
    romeo.say(channel, "mine", file_ids=[info["id"]])
    romeo.get(f"/files/{info['id']}/link", expect=403, error="api.file.get_public_link.disabled.app_error")
    nobody.get(f"/files/{new_id()}/public?h=x", expect=403, error="api.file.get_public_link.disabled.app_error")
