/* media/encode.h: from pixels to a file's bytes, appended to `out`. False: no memory, or past the limit of `out`. */
#pragma once
#include "base/buf.h"
#include "media/picture.h"

bool jpeg_encode(const Picture *picture, int quality, Buf *out); /* on white */
bool png_encode(const Picture *picture, Buf *out);
