/* The hub with sockets of straw: what each would have sent is kept as text. */
#include "base/json.h"
#include "hub/hub.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct Straw {
    Buf sent; /* one message a line */
    HubConn *conn;
    int close_code;
    bool is_full, is_slow;
} Straw;

typedef struct World {
    Hub *hub;
    Arena *arena;
    Str loading; /* the user the hub asked for */
    uint64_t ticket;
    int came, went; /* presence edges */
} World;

static bool straw_send(void *socket, Frame *frame, Str tail)
{
    Straw *straw = socket;
    if (straw->is_full)
        return false;
    buf_append(&straw->sent, str_make(frame->text, frame->len));
    buf_append(&straw->sent, tail);
    buf_append_char(&straw->sent, '\n');
    return true;
}
static void straw_close(void *socket, int code, Str reason)
{
    (void)reason;
    ((Straw *)socket)->close_code = code;
    ((Straw *)socket)->conn = NULL;
}
static bool straw_is_slow(void *socket)
{
    return ((Straw *)socket)->is_slow;
}
static void world_wake(void *app, size_t loop)
{
    (void)app, (void)loop;
}
static void world_load(void *app, size_t loop, Str user_id, uint64_t ticket)
{
    (void)loop;
    ((World *)app)->ticket = ticket;
    ((World *)app)->loading = str_copy(((World *)app)->arena, user_id);
}
static void world_presence(void *app, Str user_id, bool is_online)
{
    (void)user_id;
    World *world = app;
    *(is_online ? &world->came : &world->went) += 1;
}

#define ROMEO   STR("romeo0000000000000000000aa")
#define JULIET  STR("juliet000000000000000000aa")
#define BALCONY STR("balcony00000000000000000aa")

static int setup(void **state)
{
    World *world = calloc(1, sizeof *world);
    world->arena = arena_create();
    HubSockets sockets = {world,      straw_send,     straw_close,  world_wake,
                          world_load, world_presence, straw_is_slow};
    world->hub = hub_new(1, &sockets, STR("11.6.0.test"), STR("host"));
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    World *world = *state;
    hub_free(world->hub);
    arena_free(world->arena);
    free(world);
    return 0;
}

static Straw *straw_new(World *world)
{
    Straw *straw = arena_new(world->arena, Straw, 1);
    buf_init(&straw->sent, 64 * 1024 * 1024);
    arena_defer(world->arena, (void (*)(void *))buf_deinit, &straw->sent);
    return straw;
}

/* Attaches and, when the hub asks, says that the user is in BALCONY. */
static Straw *sign_in(World *world, Str user, Str connection_id, int64_t sequence)
{
    Straw *straw = straw_new(world);
    HubAttach attach = {
        .user_id = user, .session_id = user, .connection_id = connection_id, .sequence = sequence};
    world->loading = STR_EMPTY;
    straw->conn = hub_attach(world->hub, 0, &attach, straw);
    if (world->loading.len)
        hub_loaded(world->hub, 0, user, world->ticket, &BALCONY, 1, NULL, 0);
    hub_pump(world->hub, 0);
    return straw;
}

static void say(World *world, const char *name, Str channel)
{
    Event *event = event_new(world->arena, name);
    event->channel_id = channel;
    hub_publish(world->hub, event);
}

static int count(const Straw *straw, const char *what)
{
    int n = 0;
    for (ptrdiff_t at = 0; (at = str_find(buf_str(&straw->sent), str_of(what), (size_t)at)) >= 0;
         at++)
        n++;
    return n;
}

static void hello_comes_first_with_number_zero(void **state)
{
    Straw *romeo = sign_in(*state, ROMEO, STR_EMPTY, 0);
    Str first = buf_str(&romeo->sent);
    assert_true(str_starts_with(first, STR("{\"event\":\"hello\"")));
    assert_true(str_ends_with(first, STR("\"seq\":0}\n")));
}

static void a_channel_event_reaches_members_only_and_is_numbered(void **state)
{
    World *world = *state;
    Straw *romeo = sign_in(world, ROMEO, STR_EMPTY, 0);
    say(world, "posted", BALCONY);
    say(world, "posted", STR("elsewhere000000000000000aa"));
    hub_pump(world->hub, 0);
    assert_int_equal(count(romeo, "\"posted\""), 1);
    assert_int_equal(count(romeo, "\"seq\":1}"), 1);
    assert_int_equal(count(romeo, "\"seq\":2}"), 0);
}

static void what_was_missed_comes_again_without_hello(void **state)
{
    World *world = *state;
    Straw *before = sign_in(world, ROMEO, STR_EMPTY, 0);
    Str id = str_copy(world->arena, hub_conn_id(before->conn));
    say(world, "one", BALCONY);
    hub_pump(world->hub, 0);
    hub_detach(world->hub, before->conn);
    say(world, "two", BALCONY);
    hub_pump(world->hub, 0);
    Straw *after = sign_in(world, ROMEO, id, 1);
    assert_int_equal(count(after, "\"hello\""), 0);
    assert_int_equal(count(after, "\"one\""), 1);
    assert_int_equal(count(after, "\"two\""), 1);
    say(world, "three", BALCONY);
    hub_pump(world->hub, 0);
    assert_int_equal(count(after, "\"seq\":3}"), 1);
}

static void what_is_no_longer_known_gets_a_new_id_and_hello(void **state)
{
    World *world = *state;
    Straw *before = sign_in(world, ROMEO, STR_EMPTY, 0);
    Str id = str_copy(world->arena, hub_conn_id(before->conn));
    hub_detach(world->hub, before->conn);
    for (int i = 0; i < 200; i++)
        say(world, "posted", BALCONY);
    hub_pump(world->hub, 0);
    Straw *after = sign_in(world, ROMEO, id, 1);
    assert_int_equal(count(after, "\"hello\""), 1);
    assert_int_equal(count(after, "\"seq\":0}"), 1);
    assert_int_equal(count(after, "\"posted\""), 0);
    assert_false(str_eq(hub_conn_id(after->conn), id));
}

static void another_users_connection_id_is_not_resumed(void **state)
{
    World *world = *state;
    Straw *romeo = sign_in(world, ROMEO, STR_EMPTY, 0);
    Str id = str_copy(world->arena, hub_conn_id(romeo->conn));
    hub_detach(world->hub, romeo->conn);
    Straw *juliet = sign_in(world, JULIET, id, 1);
    assert_int_equal(count(juliet, "\"hello\""), 1);
    assert_false(str_eq(hub_conn_id(juliet->conn), id));
}

static void only_the_one_concerned_sees_the_extra(void **state)
{
    World *world = *state;
    Straw *romeo = sign_in(world, ROMEO, STR_EMPTY, 0),
          *juliet = sign_in(world, JULIET, STR_EMPTY, 0);
    Event *event = event_new(world->arena, "posted");
    json_key(&event->data, "post");
    json_str(&event->data, STR("{}"));
    event->channel_id = BALCONY;
    EventExtra extra = {JULIET, STR("\"mentions\":\"[]\"")};
    event->extras = &extra;
    event->extra_count = 1;
    hub_publish(world->hub, event);
    hub_pump(world->hub, 0);
    assert_int_equal(count(romeo, "mentions"), 0);
    assert_int_equal(count(juliet, "\"data\":{\"post\":\"{}\",\"mentions\":\"[]\"},\"broadcast\""),
                     1);
}

static void sanitized_and_sensitive_copies_part_by_right(void **state)
{
    World *world = *state;
    Straw *admin = straw_new(world);
    HubAttach attach = {.user_id = ROMEO, .session_id = ROMEO, .is_admin = true};
    admin->conn = hub_attach(world->hub, 0, &attach, admin);
    hub_loaded(world->hub, 0, ROMEO, world->ticket, &BALCONY, 1, NULL, 0);
    Straw *juliet = sign_in(world, JULIET, STR_EMPTY, 0);
    for (int i = 0; i < 2; i++) {
        Event *event = event_new(world->arena, i ? "for_admins" : "for_others");
        event->channel_id = BALCONY;
        event->is_sensitive = i;
        event->is_sanitized = !i;
        hub_publish(world->hub, event);
    }
    hub_pump(world->hub, 0);
    assert_int_equal(count(admin, "for_admins"), 1);
    assert_int_equal(count(admin, "\"for_others\""), 0);
    assert_int_equal(count(juliet, "for_others"), 1);
    assert_int_equal(count(juliet, "\"for_admins\""), 0);
}

static void a_revoked_session_is_closed_and_not_resumed(void **state)
{
    World *world = *state;
    Straw *romeo = sign_in(world, ROMEO, STR_EMPTY, 0);
    Str id = str_copy(world->arena, hub_conn_id(romeo->conn));
    hub_disconnect(world->hub, ROMEO, ROMEO);
    hub_pump(world->hub, 0);
    assert_int_equal(romeo->close_code, 1000);
    Straw *after = sign_in(world, ROMEO, id, 1);
    assert_int_equal(count(after, "\"hello\""), 1);
}

static void presence_tells_the_first_and_the_last_socket(void **state)
{
    World *world = *state;
    Straw *phone = sign_in(world, ROMEO, STR_EMPTY, 0), *desk = sign_in(world, ROMEO, STR_EMPTY, 0);
    assert_int_equal(world->came, 1);
    assert_true(hub_is_online(world->hub, ROMEO));
    hub_detach(world->hub, phone->conn);
    assert_int_equal(world->went, 0);
    hub_detach(world->hub, desk->conn);
    assert_int_equal(world->went, 1);
    assert_false(hub_is_online(world->hub, ROMEO));
}

static void a_full_socket_finds_its_events_in_the_replay(void **state)
{
    World *world = *state;
    Straw *romeo = sign_in(world, ROMEO, STR_EMPTY, 0);
    Str id = str_copy(world->arena, hub_conn_id(romeo->conn));
    romeo->is_full = true;
    say(world, "lost_on_the_way", BALCONY);
    hub_pump(world->hub, 0);
    hub_detach(world->hub, romeo->conn);
    Straw *after = sign_in(world, ROMEO, id, 1);
    assert_int_equal(count(after, "lost_on_the_way"), 1);
}

/* Romeo comes, is loaded slowly, goes, is taken out of the balcony, and comes again: the first answer is too old by then. */
static void memberships_asked_for_by_an_earlier_connection_are_not_believed(void **state)
{
    World *world = *state;
    Straw *first = straw_new(world), *second = straw_new(world);
    HubAttach attach = {.user_id = ROMEO, .session_id = ROMEO};
    first->conn = hub_attach(world->hub, 0, &attach, first);
    uint64_t early = world->ticket;
    hub_detach(world->hub, first->conn);
    second->conn = hub_attach(world->hub, 0, &attach, second);
    hub_loaded(world->hub, 0, ROMEO, early, &BALCONY, 1, NULL, 0);
    hub_pump(world->hub, 0);
    assert_int_equal(count(second, "\"hello\""), 0);
    hub_loaded(world->hub, 0, ROMEO, world->ticket, NULL, 0, NULL, 0);
    say(world, "posted", BALCONY);
    hub_pump(world->hub, 0);
    assert_int_equal(count(second, "\"hello\""), 1);
    assert_int_equal(count(second, "\"posted\""), 0);
}

static void a_slow_socket_is_spared_what_may_be_dropped(void **state)
{
    World *world = *state;
    Straw *romeo = sign_in(world, ROMEO, STR_EMPTY, 0);
    romeo->is_slow = true;
    Event *event = event_new(world->arena, "typing");
    event->channel_id = BALCONY;
    event->is_droppable = true;
    hub_publish(world->hub, event);
    say(world, "posted", BALCONY);
    hub_pump(world->hub, 0);
    assert_int_equal(count(romeo, "\"typing\""), 0);
    assert_int_equal(count(romeo, "\"posted\""), 1);
    assert_int_equal(count(romeo, "\"seq\":1}"), 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(hello_comes_first_with_number_zero),
        T(a_channel_event_reaches_members_only_and_is_numbered),
        T(what_was_missed_comes_again_without_hello),
        T(what_is_no_longer_known_gets_a_new_id_and_hello),
        T(another_users_connection_id_is_not_resumed),
        T(only_the_one_concerned_sees_the_extra),
        T(sanitized_and_sensitive_copies_part_by_right),
        T(a_revoked_session_is_closed_and_not_resumed),
        T(presence_tells_the_first_and_the_last_socket),
        T(a_full_socket_finds_its_events_in_the_replay),
        T(memberships_asked_for_by_an_earlier_connection_are_not_believed),
        T(a_slow_socket_is_spared_what_may_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
