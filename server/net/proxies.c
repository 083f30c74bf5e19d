#include "net/proxies.h"
#include <arpa/inet.h>
#include <stdlib.h>

/* IPv4 is kept as ::ffff:a.b.c.d, so that there is one kind of address. */
typedef struct Address {
    unsigned char bytes[16];
} Address;

typedef struct Block {
    Address address;
    int bits;
} Block;

struct Proxies {
    size_t count;
    Block blocks[];
};

static bool parse_address(Str text, Address *ret_address, bool *ret_is_v4)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    Address address = {{[10] = 0xFF, [11] = 0xFF}};
    *ret_is_v4 = inet_pton(AF_INET, copy, address.bytes + 12) == 1;
    if (!*ret_is_v4 && inet_pton(AF_INET6, copy, address.bytes) != 1)
        return false;
    *ret_address = address;
    return true;
}

static bool parse_block(Str text, Block *ret_block)
{
    ptrdiff_t slash = str_find_char(text, '/');
    Str ip = slash < 0 ? text : str_slice(text, 0, (size_t)slash);
    bool is_v4;
    if (!parse_address(ip, &ret_block->address, &is_v4))
        return false;
    int64_t bits = is_v4 ? 32 : 128;
    if (slash >= 0) {
        int64_t given;
        if (!str_to_int(str_slice(text, (size_t)slash + 1, text.len), &given) || given < 0 ||
            given > bits)
            return false;
        bits = given;
    }
    ret_block->bits = (int)bits + (is_v4 ? 96 : 0);
    return true;
}

Err proxies_new(const char *list, Proxies **ret_proxies)
{
    Str text = str_of(list);
    Proxies *proxies = calloc(1, sizeof *proxies + (text.len / 2 + 1) * sizeof(Block));
    ENSURE(proxies != NULL);
    for (Str rest = text; rest.ptr;) {
        Str word = str_trim(str_split(&rest, ' '));
        if (word.len == 0)
            continue;
        if (!parse_block(word, &proxies->blocks[proxies->count++])) {
            free(proxies);
            return ERR_SYNTAX;
        }
    }
    *ret_proxies = proxies;
    return OK;
}

void proxies_free(Proxies *proxies)
{
    free(proxies);
}

static bool is_inside(const Address *address, const Block *block)
{
    int whole = block->bits / 8, rest = block->bits % 8;
    if (memcmp(address->bytes, block->address.bytes, (size_t)whole) != 0)
        return false;
    int mask = 0xFF00 >> rest & 0xFF;
    return rest == 0 || ((address->bytes[whole] ^ block->address.bytes[whole]) & mask) == 0;
}

bool proxies_trust(const Proxies *proxies, Str ip)
{
    Address address;
    bool is_v4;
    if (proxies->count == 0 || !parse_address(ip, &address, &is_v4))
        return false;
    for (size_t i = 0; i < proxies->count; i++)
        if (is_inside(&address, &proxies->blocks[i]))
            return true;
    return false;
}

/* "192.0.2.1", "192.0.2.1:47011", "[2001:db8::1]", "[2001:db8::1]:47011", each maybe in quotes, to
 * the bare address. */
static bool bare_address(Str text, Str *ret_ip)
{
    Address address;
    bool is_v4;
    text = str_trim(text);
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
        text = str_slice(text, 1, text.len - 1);
    ptrdiff_t end;
    if (text.len > 0 && text.ptr[0] == '[') {
        end = str_find_char(text, ']');
        if (end < 0)
            return false;
        text = str_slice(text, 1, (size_t)end);
    } else if ((end = str_find_char(text, ':')) >= 0 &&
               str_find_char(str_slice(text, (size_t)end + 1, text.len), ':') < 0) {
        text = str_slice(text, 0, (size_t)end); /* one colon: a port; several: IPv6 */
    }
    if (!parse_address(text, &address, &is_v4))
        return false;
    *ret_ip = text;
    return true;
}

/* The `wanted` parameter of one Forwarded element: "for=192.0.2.60;proto=https". */
static bool forwarded_part(Str element, Str wanted, Str *ret_value)
{
    for (Str rest = element; rest.ptr;) {
        Str pair = str_trim(str_split(&rest, ';'));
        ptrdiff_t equals = str_find_char(pair, '=');
        if (equals < 0 || !str_eq_nocase(str_slice(pair, 0, (size_t)equals), wanted))
            continue;
        *ret_value = str_slice(pair, (size_t)equals + 1, pair.len);
        return true;
    }
    return false;
}

/* The last piece of a comma-separated list; *rest keeps what stands before it. */
static Str last_piece(Str *rest)
{
    size_t at = rest->len;
    while (at > 0 && rest->ptr[at - 1] != ',')
        at--;
    Str piece = str_trim(str_slice(*rest, at, rest->len));
    *rest = at == 0 ? (Str){0} : str_slice(*rest, 0, at - 1);
    return piece;
}

/* Walks one header from its end, nearest proxy first. True when it settled the client's address:
 * found it, or met what cannot be one, behind which nothing can be believed. */
static bool walk(const Proxies *proxies, HttpReq *req, Str list, bool is_forwarded)
{
    for (Str rest = list; rest.ptr;) {
        Str piece = last_piece(&rest), ip;
        if (is_forwarded && !forwarded_part(piece, STR("for"), &piece))
            return true;
        if (!bare_address(piece, &ip))
            return true;
        req->remote_ip = ip;
        if (!proxies_trust(proxies, ip))
            return true;
    }
    return false;
}

/* Several headers of one name are one list (RFC 9110 §5.3): the last header is the nearest. */
static bool walk_all(const Proxies *proxies, HttpReq *req, Str name, bool is_forwarded,
                     bool *ret_seen)
{
    for (size_t i = req->header_count; i-- > 0;) {
        if (!str_eq_nocase(req->headers[i].name, name))
            continue;
        *ret_seen = true;
        if (walk(proxies, req, req->headers[i].value, is_forwarded))
            return true;
    }
    return false;
}

static void apply_protocol(HttpReq *req)
{
    Str protocol = http_header(req, STR("X-Forwarded-Proto")), rest, value;
    if (protocol.len > 0) {
        req->is_tls = str_eq_nocase(last_piece(&protocol), STR("https"));
        return;
    }
    rest = http_header(req, STR("Forwarded"));
    if (rest.len > 0 && forwarded_part(last_piece(&rest), STR("proto"), &value))
        req->is_tls = str_eq_nocase(value, STR("https")) || str_eq_nocase(value, STR("\"https\""));
}

void proxies_apply(const Proxies *proxies, HttpReq *req)
{
    if (!proxies_trust(proxies, req->remote_ip))
        return;
    bool is_seen = false;
    apply_protocol(req);
    (void)walk_all(proxies, req, STR("X-Forwarded-For"), false, &is_seen);
    if (!is_seen)
        (void)walk_all(proxies, req, STR("Forwarded"), true, &is_seen);
    Str ip;
    if (!is_seen && bare_address(http_header(req, STR("X-Real-IP")), &ip))
        req->remote_ip = ip;
}
