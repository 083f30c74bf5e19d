#include "domain/mail_text.h"
#include "base/clock.h"

enum { TEXT_LIMIT_BYTES = 1024 * 1024 };

void letter_set(Ctx *ctx, Letter *letter, const char *name, Str value)
{
    size_t i = 0;
    while (i < letter->param_count && !str_eq(letter->names[i], str_of(name)))
        i++;
    ENSURE(i < sizeof letter->names / sizeof *letter->names);
    letter->names[i] = str_of(name);
    letter->values[i] = str_copy(ctx->arena, value);
    letter->param_count = i == letter->param_count ? i + 1 : letter->param_count;
}

Str letter_name_of(Ctx *ctx, const User *user)
{
    Str way = ctx->settings->TeamSettings_TeammateNameDisplay;
    bool shows_names = ctx->settings->PrivacySettings_ShowFullName;
    Str full = str_trim(str_printf(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(user->first_name),
                                   STR_ARG(user->last_name)));
    if (str_eq(way, STR("nickname_full_name")) && user->nickname.len)
        return user->nickname;
    if ((str_eq(way, STR("nickname_full_name")) || str_eq(way, STR("full_name"))) && full.len &&
        shows_names)
        return full;
    return user->username;
}

Str letter_time(Arena *arena, int64_t unix_ms)
{
    Str whole = clock_format_rfc3339(arena, unix_ms);
    return str_printf(arena, STR_FMT " " STR_FMT " UTC", STR_ARG(str_slice(whole, 0, 10)),
                      STR_ARG(str_slice(whole, 11, 16)));
}

Str url_encode(Arena *arena, Str s)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, s.len * 3 + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                        (c >= 'A' && c <= 'Z') || (c && strchr("-._~", c));
        if (is_plain) {
            out[len++] = (char)c;
        } else {
            out[len++] = '%';
            out[len++] = digits[c >> 4];
            out[len++] = digits[c & 15];
        }
    }
    return str_make(out, len);
}

/* The text mail.<kind>[.<cause>].<part>; empty when this kind has none. */
static Str part(Ctx *ctx, const Letter *letter, const char *name, bool by_cause)
{
    Str id = by_cause && letter->cause
                 ? str_printf(ctx->arena, "mail.%s.%s.%s", letter->kind, letter->cause, name)
                 : str_printf(ctx->arena, "mail.%s.%s", letter->kind, name);
    Str text = text_get(id, letter->locale);
    if (str_eq(text, id))
        return STR_EMPTY;
    return text_fill(ctx->arena, text, letter->names, letter->values, letter->param_count);
}

static void append_html(Buf *out, Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '&': buf_append(out, STR("&amp;")); break;
        case '<': buf_append(out, STR("&lt;")); break;
        case '>': buf_append(out, STR("&gt;")); break;
        case '"': buf_append(out, STR("&quot;")); break;
        case '\n': buf_append(out, STR("<br>")); break;
        default: buf_append_char(out, s.ptr[i]); break;
        }
    }
}

static void append_block(Buf *out, const char *style, Str s)
{
    if (s.len == 0)
        return;
    buf_printf(out, "<p style=\"%s\">", style);
    append_html(out, s);
    buf_append(out, STR("</p>"));
}

typedef struct Parts {
    Str heading, body, button, link, footer, signature;
} Parts;

static Str write_text(Ctx *ctx, const Letter *letter, const Parts *p)
{
    Buf *out = buf_new(ctx->arena, TEXT_LIMIT_BYTES);
    buf_printf(out, STR_FMT "\n\n" STR_FMT "\n", STR_ARG(p->heading), STR_ARG(p->body));
    if (letter->quote.len)
        buf_printf(out, "\n" STR_FMT "\n", STR_ARG(letter->quote));
    if (p->button.len)
        buf_printf(out, "\n" STR_FMT ":\n" STR_FMT "\n", STR_ARG(p->button), STR_ARG(p->link));
    buf_printf(out, "\n" STR_FMT "\n\n-- \n" STR_FMT "\n", STR_ARG(p->footer),
               STR_ARG(p->signature));
    return buf_str(out);
}

static Str write_html(Ctx *ctx, const Letter *letter, const Parts *p)
{
    Buf *out = buf_new(ctx->arena, TEXT_LIMIT_BYTES);
    buf_append(out, STR("<!doctype html><html lang=\""));
    append_html(out, text_language(letter->locale));
    buf_append(out, STR("\"><body "
                        "style=\"margin:0;padding:24px;background:#FBFAF7;color:#1D2228;font:15px/"
                        "23px system-ui,"
                        "'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei',sans-serif\">"
                        "<div style=\"max-width:520px;margin:0 "
                        "auto;padding:24px;background:#FFFFFF;border:1px solid #E3DFD5;"
                        "border-radius:10px\">"));
    append_block(out, "margin:0 0 12px;font-size:19px;font-weight:600", p->heading);
    append_block(out, "margin:0 0 12px", p->body);
    append_block(out, "margin:0 0 12px;padding:0 0 0 12px;border-left:3px solid #E3DFD5",
                 letter->quote);
    if (p->button.len) {
        buf_append(out, STR("<p style=\"margin:20px 0\"><a "
                            "style=\"display:inline-block;padding:9px 16px;border-radius:6px;"
                            "background:#2B5C8F;color:#FFFFFF;text-decoration:none\" href=\""));
        append_html(out, p->link);
        buf_append(out, STR("\">"));
        append_html(out, p->button);
        buf_append(out, STR("</a></p>"));
    }
    append_block(out, "margin:0;color:#56606B;font-size:13px;line-height:18px", p->footer);
    buf_append(out, STR("</div>"));
    append_block(out, "max-width:520px;margin:12px auto 0;color:#6B7480;font-size:13px",
                 p->signature);
    buf_append(out, STR("</body></html>\n"));
    return buf_str(out);
}

void letter_write(Ctx *ctx, Letter *letter)
{
    Str site = ctx->settings->ServiceSettings_SiteURL;
    if (site.len == 0)
        site =
            STR("http://localhost:8065"); /* nobody has said under which address people reach us */
    while (site.len && site.ptr[site.len - 1] == '/')
        site.len--;
    if (letter->locale.len == 0)
        letter->locale = ctx->settings->LocalizationSettings_DefaultServerLocale;
    letter_set(ctx, letter, "SiteName", ctx->settings->TeamSettings_SiteName);
    letter_set(ctx, letter, "SiteURL", site);
    Parts p = {
        .heading = part(ctx, letter, "heading", true),
        .body = part(ctx, letter, letter->hides_text ? "body.hidden" : "body", false),
        .button = part(ctx, letter, "button", false),
        .footer = part(ctx, letter, "footer", false),
        .link = str_printf(ctx->arena, STR_FMT STR_FMT, STR_ARG(site), STR_ARG(letter->path)),
        .signature = text_fill(ctx->arena, text_get(STR("mail.signed"), letter->locale),
                               letter->names, letter->values, letter->param_count),
    };
    letter->subject = part(ctx, letter, "subject", true);
    letter->text = write_text(ctx, letter, &p);
    letter->html = write_html(ctx, letter, &p);
}
