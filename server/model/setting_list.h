/* model/setting_list.h: the rows: section, key, type, default as JSON text, flags. */
#pragma once

/* clang-format off */
#define SETTING_ROWS(S)                                              \
    S(ServiceSettings, SiteURL, TEXT, "\"\"", 0)
/* clang-format on */
