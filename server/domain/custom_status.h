/* domain/custom_status.h: an emoji and a few words about oneself. Stands as JSON text in the user's props ("customStatus");
 * the last five are kept as a preference. Clients hide one whose end has come. */
#pragma once
#include "domain/access.h"

typedef struct CustomStatus {
    Str emoji, text, duration, expires_at; /* expires_at RFC 3339; Go's zero time: never */
} CustomStatus;

Err custom_status_set(Ctx *ctx, Str user_id, const CustomStatus *status);
Err custom_status_clear(Ctx *ctx, Str user_id);
/* Takes one out of the last five. */
Err custom_status_forget(Ctx *ctx, Str user_id, const CustomStatus *status);
