#include "base/id.h"
#include "base/err.h"
#include <errno.h>
#include <openssl/evp.h>
#include <sys/random.h>

/* Base32 in ASCII order, without i, l, o and u: ids compare as their times do. */
static const char ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";

void random_bytes(void *out, size_t len)
{
    for (char *at = out; len > 0;) {
        ssize_t n = getrandom(at, len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        ENSURE(n > 0);
        at += n;
        len -= (size_t)n;
    }
}

/* Random bytes for ids, a few kilobytes at a time: a system call for each id would cost as much as
 * the rest. */
static void id_random(unsigned char *out, size_t len)
{
    static _Thread_local unsigned char pool[2048];
    static _Thread_local size_t left;
    if (left < len) {
        random_bytes(pool, sizeof pool);
        left = sizeof pool;
    }
    left -= len;
    memcpy(out, pool + left, len);
}

static void random_text(char *out, size_t len)
{
    unsigned char bytes[ID_LEN];
    id_random(bytes, len);
    for (size_t i = 0; i < len; i++)
        out[i] = ALPHABET[bytes[i] & 31];
}

Str id_make(Arena *arena, int64_t now_ms)
{
    char *id = arena_alloc(arena, ID_LEN + 1);
    uint64_t time = (uint64_t)now_ms;
    for (int i = 9; i >= 0; i--, time >>= 5)
        id[i] = ALPHABET[time & 31];
    random_text(id + 10, 16);
    return (Str){id, ID_LEN};
}

Str secret_make(Arena *arena)
{
    char *id = arena_alloc(arena, ID_LEN + 1);
    unsigned char bytes[ID_LEN];
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < ID_LEN; i++)
        id[i] = ALPHABET[bytes[i] & 31];
    return (Str){id, ID_LEN};
}

bool id_is_valid(Str s)
{
    if (s.len != ID_LEN)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return false;
    }
    return true;
}

Str hex_encode(Arena *arena, Str bytes)
{
    static const char hex[] = "0123456789abcdef";
    char *text = arena_alloc(arena, bytes.len * 2 + 1);
    for (size_t i = 0; i < bytes.len; i++) {
        text[2 * i] = hex[(unsigned char)bytes.ptr[i] >> 4];
        text[2 * i + 1] = hex[(unsigned char)bytes.ptr[i] & 15];
    }
    return (Str){text, bytes.len * 2};
}

static Str digest_hex(Arena *arena, const EVP_MD *md, Str s)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    ENSURE(EVP_Digest(s.ptr ? s.ptr : "", s.len, digest, &len, md, NULL) == 1);
    return hex_encode(arena, str_make(digest, len));
}

Str sha256_hex(Arena *arena, Str s)
{
    return digest_hex(arena, EVP_sha256(), s);
}
Str sha1_hex(Arena *arena, Str s)
{
    return digest_hex(arena, EVP_sha1(), s);
}

Str base64_encode(Arena *arena, Str bytes)
{
    char *text = arena_alloc(arena, (bytes.len + 2) / 3 * 4 + 1);
    int len =
        EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes.ptr, (int)bytes.len);
    return (Str){text, (size_t)len};
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool base64_decode(Arena *arena, Str text, Str *ret_bytes)
{
    while (text.len > 0 && text.ptr[text.len - 1] == '=')
        text.len--;
    if (text.len % 4 == 1)
        return false;
    char *out = arena_alloc(arena, text.len / 4 * 3 + 4);
    size_t len = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(text.ptr[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 0)
            out[len++] = (char)(bits >> (6 - 2 * (i % 4)));
    }
    *ret_bytes = (Str){out, len};
    return true;
}
