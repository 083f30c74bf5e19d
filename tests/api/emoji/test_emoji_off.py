"""A server without custom emoji."""

import json

import pytest

from lib.client import new_id
from lib.images import png


@pytest.fixture(scope="module")
def settings():
    return {"ServiceSettings.EnableCustomEmoji": False}


def test_everything_about_custom_emoji_is_off(romeo):
    off = {"expect": 501, "error": "api.emoji.disabled.app_error"}
    for path in ("/emoji", f"/emoji/{new_id()}", "/emoji/name/x", f"/emoji/{new_id()}/image", "/emoji/autocomplete?name=x"):
        romeo.get(path, **off)
    romeo.post("/emoji/names", ["x"], **off)
    romeo.post("/emoji/search", {"term": "x"}, **off)
    romeo.delete(f"/emoji/{new_id()}", **off)
    body = {"name": "x", "creator_id": romeo.id}
    romeo.post("/emoji", data={"emoji": json.dumps(body)}, files={"image": ("e.png", png())}, **off)
