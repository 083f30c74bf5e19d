#include "api/user_agent.h"

typedef struct Sign {
    const char *part, *name; /* what the header contains, what that is */
} Sign;

/* The first that is found counts, so the more special ones come first. */
static const Sign PLATFORMS[] = {
    {"iPhone", "iPhone"},   {"iPad", "iPad"},           {"Android", "Android"},
    {"Windows", "Windows"}, {"Macintosh", "Macintosh"}, {"CrOS", "Chrome OS"},
    {"X11", "Linux"},       {"Linux", "Linux"},
};
static const Sign SYSTEMS[] = {
    {"iPhone OS", "iOS"},   {"iPad", "iOS"},
    {"Android", "Android"}, {"Windows NT 10", "Windows 10"},
    {"Windows", "Windows"}, {"Mac OS X", "Mac OS"},
    {"CrOS", "Chrome OS"},  {"Linux", "Linux"},
};
static const Sign BROWSERS[] = {
    {"Mattermost Mobile/", "Mobile App"},
    {"Mattermost/", "Desktop App"},
    {"mmctl/", "mmctl"},
    {"Edg/", "Edge"},
    {"OPR/", "Opera"},
    {"Firefox/", "Firefox"},
    {"Chrome/", "Chrome"},
    {"Version/", "Safari"},
};

static const Sign *find(const Sign *signs, size_t count, Str header)
{
    for (size_t i = 0; i < count; i++)
        if (str_contains(header, str_of(signs[i].part)))
            return &signs[i];
    return NULL;
}

/* "128.0" of "Firefox/128.0 …" */
static Str version_after(Str header, Str part)
{
    size_t from = (size_t)str_find(header, part, 0) + part.len, to = from;
    while (to < header.len && to < from + 16 &&
           ((header.ptr[to] >= '0' && header.ptr[to] <= '9') || header.ptr[to] == '.'))
        to++;
    return str_slice(header, from, to);
}

void user_agent_read(Arena *arena, Str header, SignIn *how)
{
    const Sign *platform = find(PLATFORMS, sizeof PLATFORMS / sizeof *PLATFORMS, header);
    const Sign *system = find(SYSTEMS, sizeof SYSTEMS / sizeof *SYSTEMS, header);
    const Sign *browser = find(BROWSERS, sizeof BROWSERS / sizeof *BROWSERS, header);
    how->platform = str_of(platform ? platform->name : "");
    how->os = str_of(system ? system->name : "");
    how->browser = browser ? str_printf(arena, "%s/" STR_FMT, browser->name,
                                        STR_ARG(version_after(header, str_of(browser->part))))
                           : STR("unknown");
    how->is_mobile |=
        str_starts_with(header, STR("rnbeta")) || str_starts_with(header, STR("Mattermost Mobile"));
}
