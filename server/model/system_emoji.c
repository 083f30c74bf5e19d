#include "model/system_emoji.h"
#include "model/system_emoji_list.h"

static bool list_has(const char *const *list, size_t count, Str name)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(name, str_of(list[middle]));
        if (order == 0)
            return true;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}
#define LIST_HAS(list, name) list_has(list, sizeof list / sizeof *list, name)

/* Cuts a skin tone off the end of *name: returns which one, or -1. The longer names come first:
 * "medium_light" also ends in "light". */
static int cut_tone(Str *name)
{
    static const char *const tones[] = {"_medium_light_skin_tone", "_medium_dark_skin_tone",
                                        "_medium_skin_tone", "_light_skin_tone", "_dark_skin_tone"};
    for (int i = 0; i < 5; i++) {
        Str tone = str_of(tones[i]);
        if (str_ends_with(*name, tone)) {
            *name = str_slice(*name, 0, name->len - tone.len);
            return i;
        }
    }
    return -1;
}

bool emoji_is_system(Str name)
{
    int last = cut_tone(&name);
    if (last < 0)
        return LIST_HAS(NAMES, name);
    if (LIST_HAS(TONED, name))
        return true;
    int first = cut_tone(&name);
    return first >= 0 && (LIST_HAS(PAIRED, name) || (first != last && LIST_HAS(TWO_TONED, name)));
}
