/* ops/user_command.c: accounts from the command line. Works with the server stopped or, through the database, running; a
 * running server takes up to 30 seconds to see that sessions have ended. */
#include "base/clock.h"
#include "domain/credentials.h"
#include "ops/commands.h"
#include "store/user_store.h"
#include <termios.h>
#include <unistd.h>

enum { PASSWORD_LINE_BYTES = 512 };

/* One line, without echo on a terminal; false at the end of input. */
static bool read_secret(Arena *arena, const char *prompt, Str *ret_secret)
{
    struct termios shown, hidden;
    bool is_terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &shown) == 0;
    char line[PASSWORD_LINE_BYTES];
    if (is_terminal) {
        fprintf(stderr, "%s: ", prompt);
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden); /* at worst it is shown */
    }
    bool has_line = fgets(line, sizeof line, stdin) != NULL;
    if (is_terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    if (!has_line)
        return false;
    Str secret = str_of(line);
    while (secret.len && (secret.ptr[secret.len - 1] == '\n' || secret.ptr[secret.len - 1] == '\r'))
        secret.len--;
    *ret_secret = str_copy(arena, secret);
    return true;
}

static bool ask_password(Arena *arena, const CommandLine *line, Str *ret_password)
{
    Str again;
    if (line->password) {
        *ret_password = str_of(line->password);
        return true;
    }
    if (!read_secret(arena, "Password", ret_password)) {
        fputs("anser: no password given\n", stderr);
        return false;
    }
    if (!isatty(STDIN_FILENO))
        return true;
    if (read_secret(arena, "Once more", &again) && str_eq(again, *ret_password))
        return true;
    fputs("anser: the two are not the same\n", stderr);
    return false;
}

/* What the server would tell a client. */
static int complain(const Ctx *ctx, Err err)
{
    const Failure *f = &ctx->failure;
    Str text = text_fill(ctx->arena, error_text(err, STR("en")), f->names, f->values,
                         f->err == err ? f->param_count : 0);
    fprintf(stderr, "anser: " STR_FMT "\n", STR_ARG(text));
    return 1;
}

static int create(Ctx *ctx, const CommandLine *line)
{
    User draft = {.username = str_of(line->username), .email = str_of(line->email)}, user;
    SignUp how = {.by_operator = true, .is_admin = line->is_admin};
    if (!line->username || !line->email)
        return 2;
    if (!ask_password(ctx->arena, line, &draft.password))
        return 1;
    Err err = user_create(ctx, &draft, &how, &user);
    if (err != OK)
        return complain(ctx, err);
    printf("made " STR_FMT " (" STR_FMT "), id " STR_FMT "\n", STR_ARG(user.username),
           STR_ARG(user.roles), STR_ARG(user.id));
    return 0;
}

static Err find_user(Ctx *ctx, Str name, User *ret_user)
{
    DbTx *tx;
    TRY(ctx_read(ctx, &tx));
    Str lower = str_lower(ctx->arena, name);
    Err err = store_user_get_by_username(tx, ctx->arena, lower, ret_user);
    return err == ERR_ABSENT ? store_user_get_by_email(tx, ctx->arena, lower, ret_user) : err;
}

static int set_password(Ctx *ctx, const CommandLine *line)
{
    User user;
    Str password;
    if (line->word_count != 2)
        return 2;
    Err err = find_user(ctx, str_of(line->words[1]), &user);
    if (err == ERR_ABSENT) {
        fprintf(stderr, "anser: nobody is called %s\n", line->words[1]);
        return 1;
    }
    ctx_end(ctx);
    if (err == OK && !ask_password(ctx->arena, line, &password))
        return 1;
    if (err == OK)
        err = password_set_by_operator(ctx, user.id, password);
    if (err != OK)
        return complain(ctx, err);
    printf("the password of " STR_FMT " is set; all sessions are ended\n", STR_ARG(user.username));
    return 0;
}

static int list(Ctx *ctx)
{
    DbTx *tx;
    CLEANUP(db_rows_end) DbRows rows = {0};
    Err err = ctx_read(ctx, &tx);
    if (err == OK)
        err = db_query(tx, &rows,
                       "SELECT username, email, roles, create_at, delete_at, is_bot FROM users "
                       "ORDER BY username");
    while (err == OK && db_next(&rows)) {
        Str created = clock_format_rfc3339(ctx->arena, db_int(&rows, 3));
        printf("%-24.*s %-32.*s %.*s  %s  " STR_FMT "\n", STR_ARG(db_text(&rows, 0)),
               STR_ARG(db_text(&rows, 1)), 10, created.ptr,
               db_flag(&rows, 5)  ? "bot        "
               : db_int(&rows, 4) ? "deactivated"
                                  : "active     ",
               STR_ARG(db_text(&rows, 2)));
    }
    if (err == OK)
        err = db_rows_error(&rows);
    return err == OK ? 0 : complain(ctx, err);
}

int user_command(CommandLine *line)
{
    Boot boot;
    if (line->word_count == 0)
        return 2;
    line->boot.connections = 2;
    if (!boot_up(&line->boot, &boot))
        return 1;
    Str what = str_of(line->words[0]);
    Arena *arena = arena_create();
    Ctx ctx;
    ctx_init(&ctx, &boot.app, arena);
    int status = str_eq(what, STR("create"))     ? create(&ctx, line)
                 : str_eq(what, STR("password")) ? set_password(&ctx, line)
                 : str_eq(what, STR("list"))     ? list(&ctx)
                                                 : 2;
    ctx_deinit(&ctx);
    arena_free(arena);
    boot_down(&boot);
    return status;
}
