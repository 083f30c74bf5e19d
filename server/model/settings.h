/* model/settings.h: how this installation is set up.
 *
 * Model    Every setting is a row of setting_list.h: section and key as v4 clients and mmctl know them, type, default,
 *          who sees it. A Settings is an immutable snapshot made of: defaults, then the stored document (one JSON row in
 *          the database; sections and keys nobody knows are kept), then environment variables
 *          (ANSER_SECTION_KEY, else MM_SECTION_KEY, upper case), which lock their key.
 * Access   s->ServiceSettings_SiteURL: Str, bool or int64_t by type; lists are JSON array text.
 * Threads  Snapshots are shared and reference counted; settings_current hands out a reference.
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/setting_list.h"
#include <jansson.h>

typedef Str SETTING_TEXT, SETTING_LIST_OF_TEXT, SETTING_JSON;
typedef bool SETTING_BOOL;
typedef int64_t SETTING_INT;
typedef enum SettingType { TYPE_TEXT, TYPE_LIST_OF_TEXT, TYPE_JSON, TYPE_BOOL, TYPE_INT } SettingType;
enum { SECRET = 1 /* shown as "********************************" */, RESTART = 2 /* takes effect at the next start */ };

/* S(section, key, type, default as JSON text, flags) */
#define SETTING_MEMBER(section, key, type, fallback, flags) SETTING_##type section##_##key;
typedef struct Settings {
    Arena *arena;
    _Atomic int references;
    int64_t version;      /* of the stored document */
    json_t *stored;       /* the stored document, unknown keys included */
    SETTING_ROWS(SETTING_MEMBER)
} Settings;

/* Makes a snapshot. `stored` may be NULL (nothing stored yet). ERR_SYNTAX: a value of the wrong type, named in *ret_bad
 * ("Section.Key", arena). `environment` is environ-like, NULL-terminated. */
Err settings_make(const json_t *stored, int64_t version, char *const *environment, Settings **ret_settings, Arena *arena, Str *ret_bad);
Settings *settings_ref(Settings *settings);
void settings_unref(Settings *settings);
/* Is this key locked by the environment? Then the variable's name, else NULL. */
const char *settings_locked_by(const Settings *settings, Str section, Str key);
/* The whole configuration as v4's AdminConfig JSON; secrets masked. */
void settings_write_admin_json(const Settings *settings, Buf *out);
/* What GET /config/client answers: every value a string. Without a session only the keys meant for that.
 * `facts` are what settings do not know. */
typedef struct ClientFacts {
    Str diagnostic_id, version, build_number, build_date, build_hash, asymmetric_key;
    bool no_accounts;
    int64_t build_time_s;
} ClientFacts;
void settings_write_client_config(const Settings *settings, const ClientFacts *facts, bool has_session, Buf *out);
/* What GET /license/client answers. */
void settings_write_client_license(const Settings *settings, bool has_session, Buf *out);
/* Hex digest of the client config: part of X-Version-Id. */
Str settings_client_config_hash(const Settings *settings, const ClientFacts *facts, Arena *arena);
