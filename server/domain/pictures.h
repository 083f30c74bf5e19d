/* domain/pictures.h: the faces of people and teams. A sent picture becomes a square of 128 pixels, PNG; who has none gets
 * initials. */
#pragma once
#include "domain/files.h"
#include "model/team.h"

/* A user one may see, and (ret_content->key not empty) the picture that was sent. */
Err user_picture(Ctx *ctx, Str user_id, User *ret_user, Content *ret_content);
/* May one change it? */
Err user_picture_to_change(Ctx *ctx, Str user_id);
/* Reads a picture: for the slow lane. */
Err user_picture_set(Ctx *ctx, Str user_id, Str bytes);
Err user_picture_reset(Ctx *ctx, Str user_id);

/* 404 where the team has none. */
Err team_icon(Ctx *ctx, Str team_id, Content *ret_content);
Err team_icon_set(Ctx *ctx, Str team_id, Str bytes); /* for the slow lane */
Err team_icon_reset(Ctx *ctx, Str team_id);
