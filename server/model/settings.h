/* model/settings.h: how this installation is set up.
 *
 * Model    Every setting is a row of setting_list.h: section and key as v4 clients and mmctl know them, type, default,
 *          flags. A Settings is an immutable snapshot made of: defaults, then the stored document (one JSON row in the
 *          database; sections and keys nobody knows are kept), then environment variables (ANSER_SECTION_KEY, else
 *          MM_SECTION_KEY, upper case), which lock their key.
 * Access   s->ServiceSettings_SiteURL: Str, bool or int64_t by type; lists and objects are JSON text.
 * Threads  Snapshots never change and are counted, so any thread may read one it holds. Who needs the current one takes
 *          it from its place (settings_current) and gives it back (settings_unref).
 */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/lock.h"
#include "base/vec.h"
#include "model/setting_list.h"
#include <jansson.h>

typedef Str SETTING_TEXT, SETTING_LIST_OF_TEXT, SETTING_JSON;
typedef bool SETTING_BOOL;
typedef int64_t SETTING_INT;
typedef enum SettingType { TYPE_TEXT, TYPE_LIST_OF_TEXT, TYPE_JSON, TYPE_BOOL, TYPE_INT } SettingType;
enum { SECRET = 1 /* shown as SETTING_MASK */, RESTART = 2 /* takes effect at the next start */ };
#define SETTING_MASK "********************************"

/* S(section, key, type, default as JSON text, flags) */
#define SETTING_MEMBER(section, key, type, fallback, flags) SETTING_##type section##_##key;
typedef struct Settings {
    Arena *arena;
    _Atomic int references;
    int64_t version;    /* of the stored document */
    json_t *stored;     /* the stored document, unknown keys included; never changed */
    const char **locks; /* by row: the variable that locks it, or NULL */
    Str version_id;     /* X-Version-Id: written once by whoever makes the snapshot current */
    SETTING_ROWS(SETTING_MEMBER)
} Settings;

/* Makes a snapshot. `stored` may be NULL (nothing stored yet) and is copied. ERR_SYNTAX: a value of the wrong type, named
 * in *ret_bad ("Section.Key" or the variable; in `arena`). `environment` is environ-like, NULL-terminated, and outlives
 * the snapshot. */
Err settings_make(const json_t *stored, int64_t version, char *const *environment, Settings **ret_settings, Arena *arena, Str *ret_bad);
Settings *settings_ref(Settings *settings);
void settings_unref(Settings *settings); /* NULL is fine */

/* Where the current snapshot stands. The place holds one reference. */
typedef struct SettingsPlace {
    Lock lock;
    Settings *current;
} SettingsPlace;
void settings_place_init(SettingsPlace *place, Settings *first); /* takes over the caller's reference */
void settings_place_deinit(SettingsPlace *place);
Settings *settings_current(SettingsPlace *place); /* a reference: settings_unref it; NULL before the first */
void settings_replace(SettingsPlace *place, Settings *next); /* takes over the caller's reference */

/* The items of a list of texts, in `arena`. */
StrVec settings_list(Arena *arena, Str list);
/* The name of the environment variable that locks this key, else NULL. */
const char *settings_locked_by(const Settings *settings, Str section, Str key);

/* The whole configuration as v4's AdminConfig JSON; secrets masked. */
void settings_write_admin_json(const Settings *settings, Buf *out);
/* {"Section":{"Key":true}} for what the environment locks. */
void settings_write_environment_json(const Settings *settings, Buf *out);
/* The document to store when an administrator sends `change`, a whole configuration or a part of it: what is stored with
 * the change laid over it. A mask stays what it hid; a value equal to its default is left out, so that a better default
 * of a later version arrives. Fails with ERR_ANSER_CONFIG_VALUE (wrong type: *ret_bad is "Section.Key") or
 * ERR_ANSER_CONFIG_LOCKED (*ret_bad is the variable). The document belongs to `arena`. */
Err settings_change(const Settings *settings, const json_t *change, Arena *arena, json_t **ret_document, Str *ret_bad);

/* What settings do not know but the client config tells. */
typedef struct ClientFacts {
    Str diagnostic_id, version, build_number, build_date, build_hash, asymmetric_key;
    bool no_accounts;
    int64_t build_time_s;
    int64_t installed_at;   /* Unix ms */
    int64_t schema_version; /* number of the last migration */
} ClientFacts;
/* What GET /config/client answers: every value a text. Without a session only the keys meant for that. */
void settings_write_client_config(const Settings *settings, const ClientFacts *facts, bool has_session, Buf *out);
/* What GET /license/client answers. */
void settings_write_client_license(const Settings *settings, bool has_session, Buf *out);
/* Hex digest of the client config: part of X-Version-Id. Whether there are accounts does not count. Costs a whole client
 * config: keep it beside the snapshot. */
Str settings_client_config_hash(const Settings *settings, const ClientFacts *facts, Arena *arena);
