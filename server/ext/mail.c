#include "ext/mail.h"
#include "base/id.h"
#include <curl/curl.h>
#include <sys/socket.h>
#include <time.h>

enum { MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024, WORD_BYTES = 45, LINE_CHARS = 76 };

/* ---- the form ---- */
static bool is_address(Str s)
{
    ptrdiff_t at = str_find_char(s, '@');
    if (at <= 0 || (size_t)at + 1 >= s.len || s.len > 320)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7F || s.ptr[i] == '<' ||
            s.ptr[i] == '>' || s.ptr[i] == ',')
            return false;
    return true;
}

/* May stand in a header as it is, also between quotes. */
static bool is_plain(Str s)
{
    if (s.len > 60 || str_contains(s, STR("=?")))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < ' ' || s.ptr[i] >= 0x7F || s.ptr[i] == '"' || s.ptr[i] == '\\')
            return false;
    return true;
}

/* RFC 2047: words of at most 75 characters, cut between characters, one a line. */
static void write_encoded(Arena *arena, Str s, Buf *out)
{
    for (size_t start = 0; start < s.len;) {
        size_t end = start;
        for (size_t at = start; at < s.len && at - start <= WORD_BYTES;
             end = at - start <= WORD_BYTES ? at : end)
            (void)str_rune_next(s, &at); /* moves `at` */
        char word[WORD_BYTES];
        for (size_t i = start; i < end; i++)
            word[i - start] = (unsigned char)s.ptr[i] < ' ' ? ' ' : s.ptr[i];
        buf_printf(out, "%s=?UTF-8?B?" STR_FMT "?=", start ? "\r\n " : "",
                   STR_ARG(base64_encode(arena, str_make(word, end - start))));
        start = end;
    }
}

static void write_date(int64_t unix_ms, Buf *out)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm t;
    gmtime_r(&seconds, &t);
    buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[t.tm_wday], t.tm_mday,
               months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

static void write_part(Arena *arena, const char *type, Str boundary, Str content, Buf *out)
{
    buf_printf(out,
               "--" STR_FMT
               "\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
               STR_ARG(boundary), type);
    Str coded = base64_encode(arena, content);
    for (size_t i = 0; i < coded.len; i += LINE_CHARS) {
        buf_append(out, str_slice(coded, i, i + LINE_CHARS));
        buf_append(out, STR("\r\n"));
    }
}

Err mail_write(Arena *arena, const Mail *mail, Buf *out)
{
    if (!is_address(mail->from) || !is_address(mail->to) ||
        (mail->reply_to.len && !is_address(mail->reply_to)))
        return ERR_SYNTAX;
    write_date(mail->date_ms, out);
    buf_append(out, STR("From: "));
    if (mail->from_name.len && is_plain(mail->from_name))
        buf_printf(out, "\"" STR_FMT "\" ", STR_ARG(mail->from_name));
    else if (mail->from_name.len)
        write_encoded(arena, mail->from_name, out), buf_append_char(out, ' ');
    buf_printf(out, "<" STR_FMT ">\r\nTo: <" STR_FMT ">\r\n", STR_ARG(mail->from),
               STR_ARG(mail->to));
    if (mail->reply_to.len)
        buf_printf(out, "Reply-To: <" STR_FMT ">\r\n", STR_ARG(mail->reply_to));
    buf_append(out, STR("Subject: "));
    if (is_plain(mail->subject))
        buf_append(out, mail->subject);
    else
        write_encoded(arena, mail->subject, out);
    Str domain = str_slice(mail->from, (size_t)str_find_char(mail->from, '@') + 1, mail->from.len);
    Str boundary = str_printf(arena, "part-" STR_FMT, STR_ARG(secret_make(arena)));
    buf_printf(out,
               "\r\nMessage-ID: <" STR_FMT "@" STR_FMT
               ">\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
               "Content-Type: multipart/alternative; boundary=\"" STR_FMT "\"\r\n\r\n",
               STR_ARG(mail->id), STR_ARG(domain), STR_ARG(boundary));
    write_part(arena, "text/plain", boundary, mail->text, out);
    write_part(arena, "text/html", boundary, mail->html, out);
    buf_printf(out, "--" STR_FMT "--\r\n", STR_ARG(boundary));
    return out->overflowed ? ERR_LIMIT : OK;
}

/* ---- the way ---- */
typedef struct Upload {
    Str rest;
} Upload;

static size_t read_message(char *into, size_t size, size_t count, void *arg)
{
    Upload *upload = arg;
    Str part = str_slice(upload->rest, 0, size * count);
    memcpy(into, part.ptr, part.len);
    upload->rest = str_slice(upload->rest, part.len, upload->rest.len);
    return part.len;
}

/* libcurl asks about once a second. */
static int shall_stop(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const _Atomic bool *is_ending = arg;
    return is_ending && *is_ending;
}

static Err deliver(CURL *curl, Arena *arena, const MailServer *server, const Mail *mail,
                   Str message, Str *ret_reason)
{
    Upload upload = {message};
    char reason[CURL_ERROR_SIZE] = "";
    struct curl_slist *receivers =
        curl_slist_append(NULL, str_printf(arena, "<" STR_FMT ">", STR_ARG(mail->to)).ptr);
    ENSURE(receivers != NULL);
    curl_easy_setopt(curl, CURLOPT_URL,
                     str_printf(arena, "%s://" STR_FMT ":" STR_FMT,
                                server->security == MAIL_TLS ? "smtps" : "smtp",
                                STR_ARG(server->host), STR_ARG(server->port))
                         .ptr);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)server->timeout_s);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)server->timeout_s);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT,
                     (long)server->timeout_s * 6); /* the whole talk, with slow greetings */
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(server->security == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, server->trusts_anybody ? 0L : 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, server->trusts_anybody ? 0L : 2L);
    if (server->user.len) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, str_to_c(arena, server->user));
        curl_easy_setopt(curl, CURLOPT_PASSWORD, str_to_c(arena, server->password));
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
                     str_printf(arena, "<" STR_FMT ">", STR_ARG(mail->from)).ptr);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_message);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, shall_stop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, server->is_ending);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    CURLcode code = curl_easy_perform(curl);
    long answer = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer); /* 0 when there was none */
    curl_slist_free_all(receivers);
    if (code == CURLE_OK)
        return OK;
    *ret_reason = str_copy(arena, str_of(reason[0] ? reason : curl_easy_strerror(code)));
    bool is_for_ever = code == CURLE_SEND_ERROR && answer >= 550 && answer < 560;
    return is_for_ever ? ERR_SYNTAX : ERR_UNAVAILABLE;
}

/* What was said of the mail has been heard. libcurl says QUIT and would wait two minutes for the answer to that. */
static void stop_reading(CURL *curl)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK && fd != CURL_SOCKET_BAD)
        (void)shutdown(fd, SHUT_RD); /* at worst it waits */
}

Err mail_send(Arena *arena, const MailServer *server, const Mail *mail, Str *ret_reason)
{
    *ret_reason = STR("the address of the sender or the receiver is not one");
    Buf message;
    buf_init(&message, MESSAGE_LIMIT_BYTES);
    Err err = mail_write(arena, mail, &message);
    CURL *curl = err == OK ? curl_easy_init() : NULL;
    if (curl) {
        err = deliver(curl, arena, server, mail, buf_str(&message), ret_reason);
        stop_reading(curl);
        curl_easy_cleanup(curl);
    }
    buf_deinit(&message);
    return err;
}
