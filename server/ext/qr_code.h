/* ext/qr_code.h: text as a QR code, a PNG with one bit a pixel.  Source: ISO 18004 (libqrencode), PNG (RFC 2083). */
#pragma once
#include "base/arena.h"
#include "base/err.h"

/* The bytes of the picture, in the arena. ERR_LIMIT: too much text for a QR code. */
Err qr_code_png(Arena *arena, Str text, Str *ret_png);
