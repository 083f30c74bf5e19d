#include "domain/passwords.h"
#include "base/id.h"
#include <argon2.h>
#include <crypt.h>
#include <openssl/evp.h>

enum { SALT_BYTES = 16, HASH_BYTES = 32, PASSWORD_MAX_BYTES = 72 };

Err password_hash(Ctx *ctx, Str password, Str *ret_hash)
{
    ENSURE(!ctx->tx); /* never while a transaction waits */
    const PasswordCost *cost = &ctx->app->password_cost;
    unsigned char salt[SALT_BYTES];
    random_bytes(salt, sizeof salt);
    char encoded[160];
    int result = argon2id_hash_encoded(cost->passes, cost->memory_kib, cost->lanes,
                                       password.ptr ? password.ptr : "", password.len, salt,
                                       sizeof salt, HASH_BYTES, encoded, sizeof encoded);
    if (result != ARGON2_OK)
        return fail(ctx, ERR_INTERNAL, "argon2: %s", argon2_error_message(result));
    *ret_hash = str_copy(ctx->arena, str_of(encoded));
    return OK;
}

static bool verify_bcrypt(Ctx *ctx, Str hash, Str password)
{
    struct crypt_data *data = arena_new(ctx->arena, struct crypt_data, 1);
    const char *made = crypt_r(str_to_c(ctx->arena, password), str_to_c(ctx->arena, hash), data);
    return made && str_eq_secret(str_of(made), hash);
}

/* $pbkdf2$f=SHA256,w=600000,l=32$<salt>$<hash>, salt and hash in base64. */
static bool verify_pbkdf2(Ctx *ctx, Str hash, Str password)
{
    Str rest = str_slice(hash, 1, hash.len);
    (void)str_split(&rest, '$');
    Str parameters = str_split(&rest, '$'), salt_text = str_split(&rest, '$'), key_text = rest;
    int64_t rounds = 0;
    bool is_sha256 = false;
    for (Str p = parameters; p.ptr;) {
        Str one = str_split(&p, ',');
        if (str_starts_with(one, STR("w=")))
            (void)str_to_int(str_slice(one, 2, one.len), &rounds);
        is_sha256 |= str_eq(one, STR("f=SHA256"));
    }
    Str salt, key;
    if (!is_sha256 || rounds < 1 || rounds > 10000000 ||
        !base64_decode(ctx->arena, salt_text, &salt) ||
        !base64_decode(ctx->arena, key_text, &key) || key.len == 0 || key.len > 64)
        return false;
    unsigned char made[64];
    if (PKCS5_PBKDF2_HMAC(password.ptr ? password.ptr : "", (int)password.len,
                          (const unsigned char *)salt.ptr, (int)salt.len, (int)rounds, EVP_sha256(),
                          (int)key.len, made) != 1)
        return false;
    return str_eq_secret(str_make(made, key.len), key);
}

bool password_verify(Ctx *ctx, Str hash, Str password)
{
    ENSURE(!ctx->tx);
    if (hash.len == 0 || password.len > 1024)
        return false;
    if (str_starts_with(hash, STR("$argon2id$")))
        return argon2id_verify(str_to_c(ctx->arena, hash), password.ptr ? password.ptr : "",
                               password.len) == ARGON2_OK;
    if (str_starts_with(hash, STR("$2")))
        return verify_bcrypt(ctx, hash, password);
    if (str_starts_with(hash, STR("$pbkdf2$")))
        return verify_pbkdf2(ctx, hash, password);
    return false;
}

bool password_needs_rehash(Ctx *ctx, Str hash)
{
    const PasswordCost *cost = &ctx->app->password_cost;
    Str ours = str_printf(ctx->arena, "$argon2id$v=19$m=%u,t=%u,p=%u$", cost->memory_kib,
                          cost->passes, cost->lanes);
    return !str_starts_with(hash, ours);
}

void password_spend(Ctx *ctx, Str password)
{
    Str unused;
    (void)password_hash(ctx, str_slice(password, 0, 1024), &unused); /* only its time is wanted */
}

Err password_check(Ctx *ctx, Str password)
{
    const Settings *s = ctx->settings;
    if (password.len < (size_t)s->PasswordSettings_MinimumLength)
        return fail_param(
            ctx, ERR_MODEL_USER_IS_VALID_PWD_MIN_LENGTH, "Min",
            str_printf(ctx->arena, "%lld", (long long)s->PasswordSettings_MinimumLength));
    if (password.len > PASSWORD_MAX_BYTES)
        return fail_param(ctx, ERR_MODEL_USER_IS_VALID_PWD_MAX_LENGTH, "Max", STR("72"));
    bool lower = false, upper = false, digit = false, symbol = false;
    for (size_t i = 0; i < password.len; i++) {
        char c = password.ptr[i];
        lower |= c >= 'a' && c <= 'z';
        upper |= c >= 'A' && c <= 'Z';
        digit |= c >= '0' && c <= '9';
        symbol |= strchr(" !\"\\#$%&'()*+,-./:;<=>?@[]^_`|~", c) != NULL;
    }
    if (s->PasswordSettings_Lowercase && !lower)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_PWD_LOWERCASE);
    if (s->PasswordSettings_Uppercase && !upper)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_PWD_UPPERCASE);
    if (s->PasswordSettings_Number && !digit)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_PWD_NUMBER);
    if (s->PasswordSettings_Symbol && !symbol)
        return fail(ctx, ERR_MODEL_USER_IS_VALID_PWD_SYMBOL);
    return OK;
}
