#include "base/totp.h"
#include "base/id.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

enum { SECRET_BYTES = 20, KEY_LIMIT_BYTES = 64 };
static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

Str totp_secret_make(Arena *arena)
{
    unsigned char bytes[SECRET_BYTES];
    char *text = arena_alloc(arena, SECRET_BYTES * 8 / 5);
    random_bytes(bytes, sizeof bytes);
    size_t len = 0;
    for (size_t bit = 0; bit < sizeof bytes * 8; bit += 5) {
        unsigned value = 0;
        for (size_t i = bit; i < bit + 5; i++)
            value = value << 1 | (bytes[i / 8] >> (7 - i % 8) & 1);
        text[len++] = ALPHABET[value];
    }
    return str_make(text, len);
}

static bool decode(Str secret, unsigned char *ret_key, size_t *ret_len)
{
    uint64_t bits = 0;
    size_t count = 0, len = 0;
    for (size_t i = 0; i < secret.len; i++) {
        const char *at = secret.ptr[i] ? strchr(ALPHABET, secret.ptr[i]) : NULL;
        if (!at || len == KEY_LIMIT_BYTES)
            return false;
        bits = bits << 5 | (uint64_t)(at - ALPHABET);
        count += 5;
        if (count >= 8) {
            count -= 8;
            ret_key[len++] = (unsigned char)(bits >> count);
        }
    }
    *ret_len = len;
    return len > 0;
}

bool totp_code(Str secret, int64_t step, char *ret_code)
{
    unsigned char key[KEY_LIMIT_BYTES], message[8], mac[EVP_MAX_MD_SIZE];
    size_t key_len;
    unsigned mac_len = 0;
    if (!decode(secret, key, &key_len))
        return false;
    for (int i = 0; i < 8; i++)
        message[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), key, (int)key_len, message, sizeof message, mac, &mac_len) ||
        mac_len < 20)
        return false;
    size_t at = mac[mac_len - 1] & 15; /* RFC 4226 §5.3 */
    uint32_t number = (uint32_t)(mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 |
                      (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    (void)snprintf(ret_code, TOTP_DIGITS + 1, "%06u", number % 1000000); /* fits: six digits */
    return true;
}

bool totp_check(Str secret, Str code, int64_t now_s, int64_t last_step, int64_t *ret_step)
{
    int64_t now_step = now_s / TOTP_STEP_S;
    bool is_right = false;
    for (int64_t step = now_step - 1; step <= now_step + 1; step++) {
        char expected[TOTP_DIGITS + 1];
        if (step > last_step && totp_code(secret, step, expected) &&
            str_eq_secret(str_of(expected), code)) {
            *ret_step = step;
            is_right = true;
        }
    }
    return is_right;
}
