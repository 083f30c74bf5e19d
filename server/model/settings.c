#include "model/settings.h"
#include "base/json.h"
#include "model/errors.h"
#include <strings.h>

typedef struct Row {
    const char *section, *key;
    SettingType type;
    const char *fallback; /* JSON */
    unsigned flags;
    size_t offset;
} Row;

/* clang-format off */
static const Row ROWS[] = {
#define SETTING_ROW(section, key, type, fallback, flags) \
    {#section, #key, TYPE_##type, fallback, flags, offsetof(Settings, section##_##key)},
    SETTING_ROWS(SETTING_ROW)
};
/* clang-format on */
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

static void *row_place(Settings *settings, const Row *row)
{
    return (char *)settings + row->offset;
}
static const void *row_at(const Settings *settings, const Row *row)
{
    return (const char *)settings + row->offset;
}

static const Row *row_find(Str section, Str key)
{
    for (const Row *row = ROWS; row < ROWS + ROW_COUNT; row++)
        if (str_eq(str_of(row->key), key) && str_eq(str_of(row->section), section))
            return row;
    return NULL;
}

static bool is_list_of_text(const json_t *value)
{
    size_t i;
    json_t *item;
    if (!json_is_array(value))
        return false;
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return false;
    }
    return true;
}

static bool is_of_type(SettingType type, const json_t *value)
{
    switch (type) {
    case TYPE_TEXT: return json_is_string(value);
    case TYPE_BOOL: return json_is_boolean(value);
    case TYPE_INT: return json_is_integer(value);
    case TYPE_LIST_OF_TEXT: return is_list_of_text(value);
    case TYPE_JSON: return json_is_object(value) || json_is_array(value);
    }
    return false;
}

/* Puts a value of the right type into the snapshot. */
static void value_put(Settings *settings, const Row *row, const json_t *value)
{
    void *place = row_place(settings, row);
    switch (row->type) {
    case TYPE_TEXT: *(Str *)place = str_copy(settings->arena, json_text(value)); break;
    case TYPE_BOOL: *(bool *)place = json_is_true(value); break;
    case TYPE_INT: *(int64_t *)place = json_integer_value(value); break;
    case TYPE_LIST_OF_TEXT:
    case TYPE_JSON: *(Str *)place = json_dump(settings->arena, value); break;
    }
}

/* The value of a row; the caller owns the json_t. */
static json_t *value_get(const Settings *settings, const Row *row)
{
    const void *at = row_at(settings, row);
    const Str *text = at;
    json_t *value = NULL;
    switch (row->type) {
    case TYPE_TEXT: value = json_stringn(text->ptr, text->len); break;
    case TYPE_BOOL: value = json_boolean(*(const bool *)at); break;
    case TYPE_INT: value = json_integer(*(const int64_t *)at); break;
    case TYPE_LIST_OF_TEXT:
    case TYPE_JSON: value = json_loadb(text->ptr, text->len, 0, NULL); break;
    }
    ENSURE(value);
    return value;
}

static json_t *value_default(const Row *row)
{
    json_t *value = json_loads(row->fallback, JSON_DECODE_ANY, NULL);
    ENSURE(value && is_of_type(row->type, value));
    return value;
}

/* NULL when a word is not UTF-8. The caller owns it. */
static json_t *list_of_words(Str text)
{
    json_t *list = json_array();
    for (Str rest = text; rest.ptr;) {
        Str word = str_split(&rest, ' ');
        if (!str_is_empty(word) &&
            json_array_append_new(list, json_stringn(word.ptr, word.len)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* The variable's value as JSON of the row's type; NULL when it is none. The caller owns it. */
static json_t *value_of_variable(const Row *row, Str text)
{
    int64_t number;
    switch (row->type) {
    case TYPE_TEXT: return json_stringn(text.ptr, text.len);
    case TYPE_INT: return str_to_int(text, &number) ? json_integer(number) : NULL;
    case TYPE_BOOL:
        if (str_eq_nocase(text, STR("true")) || str_eq(text, STR("1")))
            return json_true();
        return str_eq_nocase(text, STR("false")) || str_eq(text, STR("0")) ? json_false() : NULL;
    case TYPE_LIST_OF_TEXT:
        if (!str_starts_with(text, STR("["))) /* v4 servers also take words with spaces between */
            return list_of_words(text);
        [[fallthrough]];
    case TYPE_JSON: break;
    }
    json_t *value = json_loadb(text.ptr, text.len, 0, NULL);
    if (value && is_of_type(row->type, value))
        return value;
    json_decref(value);
    return NULL;
}

/* What follows `text` at `at`, or NULL when something else stands there (or at is NULL). */
static const char *skip(const char *at, const char *text)
{
    size_t len = strlen(text);
    return at && strncasecmp(at, text, len) == 0 ? at + len : NULL;
}

/* The row's variable in the environment: its name (up to '=') or NULL. */
static const char *variable_find(char *const *environment, const char *prefix, const Row *row)
{
    for (char *const *variable = environment; variable && *variable; variable++) {
        const char *key = skip(skip(skip(*variable, prefix), row->section), "_");
        if (skip(skip(key, row->key), "="))
            return *variable;
    }
    return NULL;
}

static Err row_read_environment(Settings *settings, const Row *row, char *const *environment,
                                Str *ret_bad)
{
    const char *variable = variable_find(environment, "ANSER_", row);
    if (!variable)
        variable = variable_find(environment, "MM_", row);
    if (!variable)
        return OK;
    Str text = str_of(variable);
    Str name = str_split(&text, '=');
    json_t *value = value_of_variable(row, text);
    if (!value) {
        *ret_bad = name;
        return ERR_SYNTAX;
    }
    value_put(settings, row, value);
    json_decref(value);
    settings->locks[row - ROWS] = str_to_c(settings->arena, name);
    return OK;
}

static Err row_read(Settings *settings, const Row *row, char *const *environment, Arena *arena,
                    Str *ret_bad)
{
    const json_t *stored =
        json_object_get(json_object_get(settings->stored, row->section), row->key);
    if (stored && !json_is_null(stored)) {
        if (!is_of_type(row->type, stored)) {
            *ret_bad = str_printf(arena, "%s.%s", row->section, row->key);
            return ERR_SYNTAX;
        }
        value_put(settings, row, stored);
    } else {
        json_t *value = value_default(row);
        value_put(settings, row, value);
        json_decref(value);
    }
    Str bad;
    Err err = row_read_environment(settings, row, environment, &bad);
    if (err != OK)
        *ret_bad = str_copy(arena, bad);
    return err;
}

Err settings_make(const json_t *stored, int64_t version, char *const *environment,
                  Settings **ret_settings, Arena *arena, Str *ret_bad)
{
    Arena *own = arena_create();
    Settings *settings = arena_new(own, Settings, 1);
    settings->arena = own;
    settings->references = 1;
    settings->version = version;
    settings->stored = stored ? json_deep_copy(stored) : json_object();
    settings->locks = arena_new(own, const char *, ROW_COUNT);
    for (const Row *row = ROWS; row < ROWS + ROW_COUNT; row++) {
        Err err = row_read(settings, row, environment, arena, ret_bad);
        if (err != OK) {
            settings_unref(settings);
            return err;
        }
    }
    *ret_settings = settings;
    return OK;
}

Settings *settings_ref(Settings *settings)
{
    settings->references++;
    return settings;
}

void settings_unref(Settings *settings)
{
    if (!settings || --settings->references > 0)
        return;
    json_decref(settings->stored);
    arena_free(settings->arena); /* the snapshot itself stands in it */
}

void settings_place_init(SettingsPlace *place, Settings *first)
{
    lock_init(&place->lock, LOCK_SETTINGS);
    place->current = first;
}

void settings_place_deinit(SettingsPlace *place)
{
    settings_unref(place->current);
    place->current = NULL;
    lock_deinit(&place->lock);
}

Settings *settings_current(SettingsPlace *place)
{
    lock_take(&place->lock);
    Settings *settings = place->current ? settings_ref(place->current) : NULL;
    lock_release(&place->lock);
    return settings;
}

void settings_replace(SettingsPlace *place, Settings *next)
{
    lock_take(&place->lock);
    Settings *before = place->current;
    place->current = next;
    lock_release(&place->lock);
    settings_unref(before);
}

StrVec settings_list(Arena *arena, Str list)
{
    StrVec items = {0};
    json_t *array = json_loadb(list.ptr, list.len, 0, NULL);
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item)
    {
        vec_push(arena, &items, str_copy(arena, json_text(item)));
    }
    json_decref(array);
    return items;
}

const char *settings_locked_by(const Settings *settings, Str section, Str key)
{
    const Row *row = row_find(section, key);
    return row ? settings->locks[row - ROWS] : NULL;
}

/* Inside a JSON setting only some members are secret; their names say so. */
static bool is_secret_name(const char *name)
{
    Str s = str_of(name);
    return str_contains(s, STR("Password")) || str_contains(s, STR("Secret")) ||
           str_contains(s, STR("Key")) || str_contains(s, STR("DataSource"));
}

/* Masks the texts of a value in place: all of them, or below an object those with a secret name. */
static json_t *value_mask(json_t *value, bool is_secret)
{
    const char *name;
    json_t *member;
    size_t i;
    if (json_is_string(value) && is_secret && json_string_length(value) > 0)
        (void)json_string_set(value, SETTING_MASK); /* fails only without memory */
    json_array_foreach(value, i, member)
    {
        (void)value_mask(member, is_secret);
    }
    json_object_foreach(value, name, member)
    {
        (void)value_mask(member, is_secret_name(name));
    }
    return value;
}

/* A copy of `value` in which masks are what `old` holds in their place. The caller owns it. */
static json_t *value_unmask(const json_t *value, const json_t *old)
{
    if (json_is_string(value) && json_is_string(old) && str_eq(json_text(value), STR(SETTING_MASK)))
        return json_deep_copy(old);
    json_t *copy = json_deep_copy(value);
    const char *name;
    json_t *member;
    size_t i;
    json_array_foreach(value, i, member)
    {
        (void)json_array_set_new(copy, i,
                                 value_unmask(member, json_array_get(old, i))); /* i exists */
    }
    json_object_foreach((json_t *)value, name, member)
    {
        (void)json_object_set_new(copy, name,
                                  value_unmask(member, json_object_get(old, name))); /* memory */
    }
    return copy;
}

static void write_value(const Settings *settings, const Row *row, Buf *out)
{
    json_t *value = value_get(settings, row);
    if (row->flags & SECRET)
        value = value_mask(value, row->type != TYPE_JSON);
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    json_raw(out, str_of(text));
    free(text);
    json_decref(value);
}

/* Is this the first row of its section, the last one? */
static bool row_opens(const Row *row)
{
    return row == ROWS || strcmp(row[-1].section, row->section) != 0;
}
static bool row_closes(const Row *row)
{
    return row == ROWS + ROW_COUNT - 1 || strcmp(row[1].section, row->section) != 0;
}

void settings_write_admin_json(const Settings *settings, Buf *out)
{
    json_open(out);
    for (const Row *row = ROWS; row < ROWS + ROW_COUNT; row++) {
        if (row_opens(row)) {
            json_key(out, row->section);
            json_open(out);
        }
        json_key(out, row->key);
        write_value(settings, row, out);
        if (row_closes(row))
            json_close(out);
    }
    json_close(out);
}

void settings_write_environment_json(const Settings *settings, Buf *out)
{
    const char *section = NULL;
    json_open(out);
    for (const Row *row = ROWS; row < ROWS + ROW_COUNT; row++) {
        if (!settings->locks[row - ROWS])
            continue;
        if (!section || strcmp(section, row->section) != 0) {
            if (section)
                json_close(out);
            section = row->section;
            json_key(out, section);
            json_open(out);
        }
        json_key(out, row->key);
        json_bool(out, true);
    }
    if (section)
        json_close(out);
    json_close(out);
}

/* Lays one value of a change into the document. */
static Err change_value(const Settings *settings, const Row *row, const json_t *sent,
                        json_t *section, Arena *arena, Str *ret_bad)
{
    json_t *now = value_get(settings, row);
    json_t *value = value_unmask(sent, now);
    json_t *fallback = value_default(row);
    bool is_same = json_equal(value, now), is_default = json_equal(value, fallback);
    const char *lock = settings->locks[row - ROWS];
    Err err = OK;
    if (!is_of_type(row->type, value)) {
        *ret_bad = str_printf(arena, "%s.%s", row->section, row->key);
        err = (Err)ERR_ANSER_CONFIG_VALUE;
    } else if (lock && !is_same) {
        *ret_bad = str_of(lock);
        err = (Err)ERR_ANSER_CONFIG_LOCKED;
    } else if (is_default && !lock) {
        (void)json_object_del(section, row->key); /* may not be there */
    } else if (!lock) {                           /* what the environment says is not stored */
        (void)json_object_set(section, row->key, value); /* fails only without memory */
    }
    json_decref(now);
    json_decref(value);
    json_decref(fallback);
    return err;
}

static Err change_section(const Settings *settings, const char *name, const json_t *sent,
                          json_t *document, Arena *arena, Str *ret_bad)
{
    json_t *section = json_object_get(document, name);
    if (!section) {
        section = json_object();
        (void)json_object_set_new(document, name, section); /* fails only without memory */
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)sent, key, value)
    {
        const Row *row = row_find(str_of(name), str_of(key));
        if (json_is_null(value))
            continue; /* v4 clients send null for what they leave alone */
        if (row)
            TRY(change_value(settings, row, value, section, arena, ret_bad));
        else
            (void)json_object_set(section, key, value); /* unknown keys are kept */
    }
    if (json_object_size(section) == 0)
        (void)json_object_del(document, name); /* it is there */
    return OK;
}

static void document_free(void *document)
{
    json_decref(document);
}

Err settings_change(const Settings *settings, const json_t *change, Arena *arena,
                    json_t **ret_document, Str *ret_bad)
{
    json_t *document = json_deep_copy(settings->stored);
    arena_defer(arena, document_free, document);
    const char *name;
    json_t *section;
    json_object_foreach((json_t *)change, name, section)
    {
        if (json_is_object(section))
            TRY(change_section(settings, name, section, document, arena, ret_bad));
    }
    *ret_document = document;
    return OK;
}
