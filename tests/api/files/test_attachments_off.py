"""A server where files are switched off."""

import pytest


@pytest.fixture(scope="module")
def settings():
    return {"FileSettings.EnableFileAttachments": False}


def test_no_file_is_taken(romeo, channel):
    romeo.post("/files", data={"channel_id": channel["id"]}, files={"files": ("x.txt", b"x")}, expect=501,
               error="api.file.attachments.disabled.app_error")
    romeo.post("/uploads", {"channel_id": channel["id"], "filename": "x.txt", "file_size": 10}, expect=501,
               error="api.file.attachments.disabled.app_error")
