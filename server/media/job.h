/* media/job.h: what the helper does with one picture. Pure: bytes in, bytes out. */
#pragma once
#include "base/buf.h"
#include "media/protocol.h"

/* `parts` are made here; the caller frees them with buf_deinit, also after a failure. */
void media_run(const MediaRequest *request, Str bytes, MediaReply *ret_reply, Buf parts[static MEDIA_PARTS]);
