/* model/system_emoji.h: the names of the standard emoji, which custom ones may not take. */
#pragma once
#include "base/str.h"

/* Is `name` (without colons) a standard emoji, skin tones included: "smile", "+1", "wave_dark_skin_tone"? */
bool emoji_is_system(Str name);
