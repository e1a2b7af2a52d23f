/* The longest notices that strangers can bring about, against the limits of the channels. */
#include "sample.h"

#include <jansson.h>

#include "base/utf8.h"
#include "render/render.h"

static arena memory;
static struct limits limits;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    arena_init(&memory, 256u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static void render(const struct notice *n, enum channel_type type, buf *out)
{
    sv to[] = {SV("postmaster@example.com")};
    const struct channel_cfg channel = {.type = type, .from = SV("d@example.com"), .to = to, .n_to = 1};
    struct render_context c = {.channel = &channel,
                               .limits = &limits,
                               .now = 1795600100,
                               .host = SV("not a host"),
                               .repeat_possible = true};
    struct err e = {0};
    buf_init(out, limits.notice_size);
    if (!render_notice(n, &c, out, &e))
        fail_msg("%s", e.msg);
}

static size_t characters(const char *text)
{
    sv rest = sv_c(text);
    uint32_t cp;
    size_t n = 0;
    for (; rest.n > 0; n++)
        rest = sv_skip(rest, utf8_decode(rest, &cp));
    return n;
}

static const char *text_of_block(const json_t *block)
{
    const json_t *text = json_object_get(block, "text");
    if (!text)
        text = json_array_get(json_object_get(block, "elements"), 0);
    return json_string_value(json_object_get(text, "text"));
}

/* The message keeps Slack's limits; how many items it spells out. */
static size_t check_slack(const struct notice *n)
{
    buf out;
    size_t i, all = 0, footers = 0;
    json_t *block;
    render(n, CHANNEL_SLACK, &out);
    json_t *root = json_loadb(out.p, out.n, 0, NULL);
    assert_non_null(root);
    json_t *blocks = json_object_get(root, "blocks");
    assert_true(json_array_size(blocks) <= 50);
    json_array_foreach(blocks, i, block)
    {
        size_t length = characters(text_of_block(block));
        bool header = strcmp(json_string_value(json_object_get(block, "type")), "header") == 0;
        assert_true(length > 0 && length <= (header ? 150 : 3000));
        all += length;
        footers += strstr(text_of_block(block), "incident abab") != NULL;
    }
    assert_true(all <= 10000);
    const char *last = text_of_block(json_array_get(blocks, json_array_size(blocks) - 1));
    size_t left_out = n->n_items - footers + n->more;
    sv said = arena_printf(&memory, "%zu more incident", left_out);
    if (left_out > 0)
        assert_non_null(strstr(last, said.p));
    json_decref(root);
    buf_free(&out);
    return footers;
}

static void check_mail(const struct notice *n)
{
    buf out;
    render(n, CHANNEL_EMAIL, &out);
    sv rest = buf_view(&out), line;
    assert_true(out.n < 600000);
    while (sv_split(&rest, '\n', &line)) {
        assert_true(line.n <= 998 && sv_ends(line, SV("\r")));
        for (size_t i = 0; i + 1 < line.n; i++)
            assert_true(line.p[i] >= ' ' && line.p[i] <= '~');
    }
    assert_true(sv_find(buf_view(&out), SV("@localhost>"), 0) != SIZE_MAX);
    buf_free(&out);
}

static const char *const units[] = {"a",       "<",      "\x01",       "\xff", "\u202e", "`",
                                    "a.b@c:d", "\u682a", "\U000e0041", " ",    "\"\\",   "&"};

static void hostile_evidence_of_any_length(void **state)
{
    (void)state;
    for (size_t u = 0; u < COUNT_OF(units); u++) {
        sv text = sample_text(&memory, units[u], 256 / strlen(units[u]));
        for (size_t items = 1; items <= 50; items += 12) {
            struct notice n = sample_notice(&memory, items, 10, text);
            assert_true(check_slack(&n) >= 1);
            check_mail(&n);
        }
    }
}

static void a_short_notice_is_told_whole(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 4, 2, SV("Alpha"));
    n.more = 0;
    assert_int_equal(check_slack(&n), 4);
}

static void many_short_ones_are_counted(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 50, 1, SV("Alpha"));
    size_t told = check_slack(&n);
    assert_true(told >= 4 && told < 50);
}

static void the_longest_names_of_ours(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 1, 2, SV("x"));
    n.domain = n.items[0].domain = sample_text(&memory, "abcdefgh.", 28);
    n.items[0].subject = sample_text(&memory, "&", 100);
    n.items[0].rule = RULE_known_sender_failing;
    n.items[0].owner = sample_text(&memory, "o", 200);
    assert_int_equal(check_slack(&n), 1);
    check_mail(&n);
}

/* The text of a member; of a list, its first element's. */
static const char *member(const json_t *o, const char *const *path)
{
    for (; *path; path++)
        o = json_is_array(o) ? json_object_get(json_array_get(o, 0), *path) : json_object_get(o, *path);
    return json_string_value(o);
}

/* What each of the chats limits, as it counts it. */
static size_t limited(enum channel_type type, const buf *out)
{
    static const char *const text[] = {"text", NULL}, *const message[] = {"message", NULL};
    size_t n = 0, i;
    json_t *root = json_loadb(out->p, out->n, 0, NULL), *embed;
    assert_non_null(root);
    if (type == CHANNEL_MATTERMOST || type == CHANNEL_TELEGRAM)
        n = utf8_count(sv_c(member(root, text)));
    else if (type == CHANNEL_NTFY)
        n = strlen(member(root, message));
    else if (type == CHANNEL_DISCORD)
        json_array_foreach(json_object_get(root, "embeds"), i, embed)
        {
            size_t length = utf8_units(sv_c(json_string_value(json_object_get(embed, "description"))));
            n = length > n ? length : n;
        }
    else
        n = out->n;
    json_decref(root);
    return n;
}

static const struct {
    enum channel_type type;
    size_t max, slack; /* the documented limit, and how far below it we may end */
} documented[] = {{CHANNEL_MATTERMOST, 16383, 0}, {CHANNEL_TELEGRAM, 4096, 0},
                  {CHANNEL_NTFY, 4096, 0},        {CHANNEL_DISCORD, 4096, 0},
                  {CHANNEL_TEAMS, 21000, 16},     {CHANNEL_GOOGLE_CHAT, 32000, 16}};

static size_t used_with(enum channel_type type, struct notice *n, sv docs)
{
    buf out;
    n->items[0].docs = docs;
    render(n, type, &out);
    size_t used = limited(type, &out);
    buf_free(&out);
    return used;
}

/* Grown sign by sign: at the limit it is told whole, one above it without its evidence, and never more. */
static void at_the_limit_and_one_above(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(documented); k++) {
        struct notice n = sample_notice(&memory, 1, 1, SV("x"));
        n.items[0].all_header_froms = n.items[0].all_sources = 1;
        sv grown = sample_text(&memory, "o", 40000);
        size_t max = documented[k].max, most = 0;
        size_t more = max - used_with(documented[k].type, &n, sv_first(grown, 1)) - 100;
        for (size_t i = 0; i < 200; i++) {
            size_t used = used_with(documented[k].type, &n, sv_first(grown, more + i));
            most = used > most ? used : most;
        }
        assert_true(most <= max && most + documented[k].slack >= max);
        assert_true(used_with(documented[k].type, &n, sv_first(grown, more + 200)) < max - 200);
    }
}

static void hostile_evidence_in_every_chat(void **state)
{
    (void)state;
    for (size_t u = 0; u < COUNT_OF(units); u++) {
        sv text = sample_text(&memory, units[u], 256 / strlen(units[u]));
        for (size_t k = 0; k < COUNT_OF(documented); k++) {
            struct notice n = sample_notice(&memory, 30, 10, text);
            buf out;
            render(&n, documented[k].type, &out);
            assert_true(limited(documented[k].type, &out) <= documented[k].max);
            buf_free(&out);
        }
    }
}

/* Any maximum of the output: whole, or an error. */
static void a_full_buffer_is_an_error(void **state)
{
    (void)state;
    struct notice n = sample_notice(&memory, 1, 1, SV("x"));
    sv to[] = {SV("postmaster@example.com")};
    for (unsigned type = 0; type < CHANNEL_TYPE_END; type++) {
        const struct channel_cfg channel = {
            .type = (enum channel_type)type, .from = SV("d@example.com"), .to = to, .n_to = 1};
        struct render_context c = {.channel = &channel, .limits = &limits, .host = SV("example.com")};
        bool done = false;
        for (size_t max = 0; !done; max += 499) {
            buf out;
            struct err e = {0};
            buf_init(&out, max);
            done = render_notice(&n, &c, &out, &e);
            assert_int_equal(e.cls, done ? ERR_NONE : ERR_LIMIT);
            buf_free(&out);
        }
    }
}

static void nothing_to_tell_is_a_bug(void **state)
{
    (void)state;
    const struct channel_cfg channel = {.type = CHANNEL_SLACK};
    struct render_context c = {.channel = &channel, .limits = &limits};
    struct notice n = {0};
    struct err e = {0};
    buf out;
    buf_init(&out, 100);
    assert_false(render_notice(&n, &c, &out, &e));
    assert_int_equal(e.cls, ERR_BUG);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_evidence_of_any_length), cmocka_unit_test(a_short_notice_is_told_whole),
        cmocka_unit_test(at_the_limit_and_one_above),     cmocka_unit_test(hostile_evidence_in_every_chat),
        cmocka_unit_test(many_short_ones_are_counted),    cmocka_unit_test(the_longest_names_of_ours),
        cmocka_unit_test(a_full_buffer_is_an_error),      cmocka_unit_test(nothing_to_tell_is_a_bug),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
