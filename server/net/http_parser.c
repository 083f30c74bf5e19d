#include "net/http_parser.h"

/* Character classes of RFC 9110 §5.6.2 and §5.5. */
enum { TOKEN = 1, VALUE = 2, TARGET = 4 };

/* clang-format off */
static const unsigned char CLASS[256] = {
    ['\t'] = VALUE, [' '] = VALUE,
    [0x21 ... 0x7E] = VALUE | TARGET,
    [0x80 ... 0xFF] = VALUE | TARGET, /* raw UTF-8 in a target is not in the grammar, but clients send it */
    ['0' ... '9'] = TOKEN | VALUE | TARGET,
    ['A' ... 'Z'] = TOKEN | VALUE | TARGET,
    ['a' ... 'z'] = TOKEN | VALUE | TARGET,
    ['!'] = 7, ['#'] = 7, ['$'] = 7, ['%'] = 7, ['&'] = 7, ['\''] = 7, ['*'] = 7, ['+'] = 7,
    ['-'] = 7, ['.'] = 7, ['^'] = 7, ['_'] = 7, ['`'] = 7, ['|'] = 7, ['~'] = 7,
};
/* clang-format on */

static bool is_class(unsigned char c, int class)
{
    return (CLASS[c] & class) != 0;
}

static bool all_of_class(Str s, int class)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_class((unsigned char)s.ptr[i], class))
            return false;
    return true;
}

/* ---- the head ---- */
int http_scan(HttpScan *scan, Str bytes, size_t limit_bytes, size_t *ret_len)
{
    size_t end = bytes.len < limit_bytes ? bytes.len : limit_bytes;
    *ret_len = 0;
    while (scan->at < end) {
        const char *from = bytes.ptr + scan->at;
        const char *lf = memchr(from, '\n', end - scan->at);
        if (!lf) {
            scan->at = (uint32_t)end;
            break;
        }
        size_t at = (size_t)(lf - bytes.ptr);
        scan->at = (uint32_t)at + 1;
        if (at == 0 || bytes.ptr[at - 1] != '\r')
            return 400;
        bool is_empty = at == 1 || bytes.ptr[at - 2] == '\n';
        if (!is_empty) {
            scan->lines++;
        } else if (scan->lines == 0) {
            scan->skip = scan->at;
        } else {
            *ret_len = scan->at;
            return 0;
        }
    }
    return bytes.len > limit_bytes ? 431 : 0;
}

bool http_list_has(Str list, Str token)
{
    for (Str rest = list; rest.ptr;)
        if (str_eq_nocase(str_trim(str_split(&rest, ',')), token))
            return true;
    return false;
}

static HttpMethod method_of(Str text)
{
    static const struct {
        Str text;
        HttpMethod method;
    } rows[] = {
        {{"GET", 3}, HTTP_GET},         {{"HEAD", 4}, HTTP_HEAD},   {{"POST", 4}, HTTP_POST},
        {{"PUT", 3}, HTTP_PUT},         {{"PATCH", 5}, HTTP_PATCH}, {{"DELETE", 6}, HTTP_DELETE},
        {{"OPTIONS", 7}, HTTP_OPTIONS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq(text, rows[i].text))
            return rows[i].method;
    return HTTP_OTHER;
}

/* Cuts path and query out of the target: "/path?query", "http://host/path?query" or "*". */
static int split_target(HttpHead *head)
{
    Str rest = head->target;
    if (str_starts_with(rest, STR("http://")) || str_starts_with(rest, STR("https://"))) {
        size_t host = rest.ptr[4] == 's' ? 8 : 7;
        rest = str_slice(rest, host, rest.len);
        ptrdiff_t slash = str_find_char(rest, '/');
        rest = slash < 0 ? STR("/") : str_slice(rest, (size_t)slash, rest.len);
    } else if (rest.ptr[0] != '/' && !(head->method == HTTP_OPTIONS && str_eq(rest, STR("*")))) {
        return 400;
    }
    ptrdiff_t mark = str_find_char(rest, '?');
    head->path = mark < 0 ? rest : str_slice(rest, 0, (size_t)mark);
    head->query = mark < 0 ? STR_EMPTY : str_slice(rest, (size_t)mark + 1, rest.len);
    return 0;
}

static int parse_version(Str version, HttpHead *head)
{
    bool has_form = version.len == 8 && str_starts_with(version, STR("HTTP/")) &&
                    version.ptr[5] >= '0' && version.ptr[5] <= '9' && version.ptr[6] == '.' &&
                    version.ptr[7] >= '0' && version.ptr[7] <= '9';
    if (!has_form)
        return 400;
    if (version.ptr[5] != '1')
        return 505;
    head->is_http_1_0 = version.ptr[7] == '0';
    return 0;
}

static int parse_request_line(Str line, HttpHead *head)
{
    ptrdiff_t first = str_find_char(line, ' ');
    if (first <= 0)
        return 400;
    head->method_text = str_slice(line, 0, (size_t)first);
    line = str_slice(line, (size_t)first + 1, line.len);
    ptrdiff_t second = str_find_char(line, ' ');
    if (second <= 0)
        return 400;
    head->target = str_slice(line, 0, (size_t)second);
    if (!all_of_class(head->method_text, TOKEN) || !all_of_class(head->target, TARGET))
        return 400;
    head->method = method_of(head->method_text);
    int status = parse_version(str_slice(line, (size_t)second + 1, line.len), head);
    return status ? status : split_target(head);
}

static int parse_header_line(Str line, HttpHeader *ret_header)
{
    size_t n = 0;
    while (n < line.len && is_class((unsigned char)line.ptr[n], TOKEN))
        n++;
    if (n == 0 || n == line.len ||
        line.ptr[n] != ':') /* also a folded line, which starts with white space */
        return 400;
    Str value = str_slice(line, n + 1, line.len);
    while (value.len > 0 && (value.ptr[0] == ' ' || value.ptr[0] == '\t'))
        value = str_slice(value, 1, value.len);
    while (value.len > 0 && (value.ptr[value.len - 1] == ' ' || value.ptr[value.len - 1] == '\t'))
        value.len--;
    if (!all_of_class(value, VALUE))
        return 400;
    *ret_header = (HttpHeader){str_slice(line, 0, n), value};
    return 0;
}

static int parse_content_length(Str value, int64_t *ret_length)
{
    if (value.len == 0 || value.len > 18)
        return 400;
    int64_t length = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return 400;
        length = length * 10 + (value.ptr[i] - '0');
    }
    *ret_length = length;
    return 0;
}

/* How often the headers came that say how the message is framed, and what they wish for the connection. */
typedef struct Framing {
    int hosts, lengths, encodings;
    bool says_close, says_keep_alive;
} Framing;

static int note_header(const HttpHeader *header, HttpHead *head, Framing *seen)
{
    int64_t length;
    switch (header->name.len) { /* few headers get as far as a comparison */
    case 4:
        if (str_eq_nocase(header->name, STR("Host")) && ++seen->hosts > 1)
            return 400;
        break;
    case 6:
        if (str_eq_nocase(header->name, STR("Expect"))) {
            if (!str_eq_nocase(header->value, STR("100-continue")))
                return 417;
            head->expects_continue = true;
        }
        break;
    case 10:
        if (str_eq_nocase(header->name, STR("Connection"))) {
            seen->says_close |= http_list_has(header->value, STR("close"));
            seen->says_keep_alive |= http_list_has(header->value, STR("keep-alive"));
        }
        break;
    case 14:
        if (!str_eq_nocase(header->name, STR("Content-Length")))
            break;
        if (parse_content_length(header->value, &length) != 0)
            return 400;
        if (seen->lengths++ > 0 && length != head->content_length)
            return 400;
        head->content_length = length;
        break;
    case 17:
        if (!str_eq_nocase(header->name, STR("Transfer-Encoding")))
            break;
        if (seen->encodings++ > 0)
            return 400;
        if (!str_eq_nocase(header->value, STR("chunked")))
            return 501;
        head->is_chunked = true;
        break;
    default: break;
    }
    return 0;
}

static int check_framing(HttpHead *head, const Framing *seen)
{
    if (seen->encodings > 0 && (seen->lengths > 0 || head->is_http_1_0))
        return 400;
    if (seen->hosts == 0 && !head->is_http_1_0)
        return 400;
    head->keep_alive = !seen->says_close && (!head->is_http_1_0 || seen->says_keep_alive);
    head->expects_continue = head->expects_continue && !head->is_http_1_0;
    return 0;
}

/* The next line without its CRLF; http_scan has seen that there is one. */
static Str next_line(Str *rest)
{
    const char *lf = memchr(rest->ptr, '\n', rest->len);
    size_t len = (size_t)(lf - rest->ptr);
    Str line = str_slice(*rest, 0, len - 1);
    *rest = str_slice(*rest, len + 1, rest->len);
    return line;
}

int http_parse_head(Arena *arena, Str text, size_t lines, HttpHead *ret_head)
{
    HttpHead head = {0};
    Framing seen = {0};
    if (lines > HTTP_HEADER_MAX + 1)
        return 431;
    Str rest = text;
    int status = parse_request_line(next_line(&rest), &head);
    head.headers = arena_new(arena, HttpHeader, lines);
    while (status == 0 && head.header_count + 1 < lines) {
        HttpHeader *header = &head.headers[head.header_count++];
        status = parse_header_line(next_line(&rest), header);
        if (status == 0)
            status = note_header(header, &head, &seen);
    }
    if (status == 0)
        status = check_framing(&head, &seen);
    if (status == 0)
        *ret_head = head;
    return status;
}

/* ---- the body ---- */
enum {
    BODY_DATA,    /* content, of a plain body or of a chunk */
    BODY_DATA_CR, /* the CRLF after a chunk's content */
    BODY_DATA_LF,
    BODY_SIZE_FIRST, /* the first digit of a chunk size */
    BODY_SIZE,
    BODY_EXTENSION,
    BODY_SIZE_LF,
    BODY_LINE_FIRST, /* the first byte of a trailer, or of the empty line that ends the body */
    BODY_TRAILER_NAME,
    BODY_TRAILER_VALUE,
    BODY_TRAILER_LF,
    BODY_END_LF,
    BODY_DONE,
};

void http_body_init(HttpBody *body, const HttpHead *head)
{
    *body = (HttpBody){.is_chunked = head->is_chunked, .left = head->content_length};
    if (head->is_chunked)
        body->state = BODY_SIZE_FIRST;
    else if (head->content_length == 0)
        body->state = BODY_DONE;
}

bool http_body_is_done(const HttpBody *body)
{
    return body->state == BODY_DONE;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static Str take_data(HttpBody *body, Str in)
{
    size_t n = (int64_t)in.len < body->left ? in.len : (size_t)body->left;
    body->left -= (int64_t)n;
    if (body->left == 0)
        body->state = body->is_chunked ? BODY_DATA_CR : BODY_DONE;
    return str_slice(in, 0, n);
}

static int size_digit(HttpBody *body, char c)
{
    int digit = hex_value(c);
    if (digit < 0 || body->left >> 56 != 0)
        return 400;
    body->left = body->left << 4 | digit;
    body->state = BODY_SIZE;
    return 0;
}

static int size_line_byte(HttpBody *body, char c)
{
    if (++body->line_bytes > HTTP_CHUNK_LINE_LIMIT_BYTES)
        return 400;
    if (c == '\r') {
        body->state = BODY_SIZE_LF;
        return 0;
    }
    if (body->state == BODY_EXTENSION)
        return is_class((unsigned char)c, VALUE) ? 0 : 400;
    if (c != ';')
        return size_digit(body, c);
    body->state = BODY_EXTENSION;
    return 0;
}

static int trailer_byte(HttpBody *body, char c)
{
    if (++body->line_bytes > HTTP_TRAILER_LIMIT_BYTES)
        return 431;
    if (body->state == BODY_LINE_FIRST && c == '\r') {
        body->state = BODY_END_LF;
    } else if (body->state == BODY_TRAILER_VALUE) {
        if (c == '\r')
            body->state = BODY_TRAILER_LF;
        else if (!is_class((unsigned char)c, VALUE))
            return 400;
    } else if (body->state == BODY_TRAILER_NAME && c == ':') {
        body->state = BODY_TRAILER_VALUE;
    } else {
        body->state = BODY_TRAILER_NAME;
        return is_class((unsigned char)c, TOKEN) ? 0 : 400;
    }
    return 0;
}

/* One byte of what stands between the chunks. */
static int framing_byte(HttpBody *body, char c)
{
    static const struct {
        char expected;
        int next;
    } fixed[] = {
        [BODY_DATA_CR] = {'\r', BODY_DATA_LF},
        [BODY_DATA_LF] = {'\n', BODY_SIZE_FIRST},
        [BODY_TRAILER_LF] = {'\n', BODY_LINE_FIRST},
        [BODY_END_LF] = {'\n', BODY_DONE},
    };
    switch (body->state) {
    case BODY_SIZE_FIRST:
        body->left = 0;
        body->line_bytes = 1;
        return size_digit(body, c);
    case BODY_SIZE:
    case BODY_EXTENSION: return size_line_byte(body, c);
    case BODY_SIZE_LF:
        body->state = body->left > 0 ? BODY_DATA : BODY_LINE_FIRST;
        body->line_bytes = 0;
        return c == '\n' ? 0 : 400;
    case BODY_LINE_FIRST:
    case BODY_TRAILER_NAME:
    case BODY_TRAILER_VALUE: return trailer_byte(body, c);
    default:
        if (c != fixed[body->state].expected)
            return 400;
        body->state = fixed[body->state].next;
        return 0;
    }
}

int http_body_next(HttpBody *body, Str in, Str *ret_data, size_t *ret_used)
{
    size_t at = 0;
    *ret_data = STR_EMPTY;
    while (at < in.len && body->state != BODY_DONE) {
        if (body->state == BODY_DATA) {
            *ret_data = take_data(body, str_slice(in, at, in.len));
            at += ret_data->len;
            break;
        }
        int status = framing_byte(body, in.ptr[at++]);
        if (status != 0)
            return status;
    }
    *ret_used = at;
    return 0;
}
