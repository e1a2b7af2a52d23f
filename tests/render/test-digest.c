/* A digest: what is frozen comes back, every channel that carries text takes it, in both languages. */
#include "sample.h"

#include "base/buf.h"
#include "render/freeze.h"
#include "render/render.h"

static arena memory;

static int set_up(void **state)
{
    (void)state;
    arena_init(&memory, 64u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static struct notice_line lines[] = {
    {LINE_failing, SV_INIT("own"), {NULL, 0}, 12, SEVERITY_info},
    {LINE_going_on, SV_INIT("<!channel> http://evil.example"), SV_INIT("reporter_silent"), 0, SEVERITY_info},
    {LINE_going_on, SV_INIT("example.com"), SV_INIT("spoofed_under_none"), 0, SEVERITY_info},
    {LINE_source, SV_INIT("203.0.113.0/24"), {NULL, 0}, 40, SEVERITY_info},
    {LINE_sender, SV_INIT("idle"), {NULL, 0}, 0, SEVERITY_info},
    {LINE_selector, SV_INIT("old1._domainkey.example.com"), {NULL, 0}, 0, SEVERITY_info},
};

static struct notice digest(struct notice_item items[2], uint8_t p, uint64_t ours_failed, uint32_t days)
{
    items[0] = (struct notice_item){.kind = ITEM_list,
                                    .news = NEWS_first,
                                    .state_of = {.reports = 70, .domains = 2, .told = 1, .firing = 2}};
    items[1] = (struct notice_item){
        .kind = ITEM_domain,
        .news = NEWS_first,
        .domain = SV("example.com"),
        .p = p,
        .counts = {1000, 50 + ours_failed, {50, 0, 0}},
        .state_of = {.passed = 900, .ours = 900, .ours_failed = ours_failed, .days = days},
        .lines = lines,
        .n_lines = COUNT_OF(lines),
        .all_lines = COUNT_OF(lines)};
    return (struct notice){.kind = NOTICE_digest,
                           .created = 1795600000,
                           .severity = SEVERITY_info,
                           .items = items,
                           .n_items = 2};
}

static sv rendered(const struct notice *n, enum channel_type type, enum text_lang lang,
                   enum render_length length)
{
    static sv to[] = {SV_INIT("postmaster@example.com")};
    const struct channel_cfg channel = {
        .type = type, .from = SV("dmarcwarn@example.com"), .to = to, .n_to = 1, .room = SV("room")};
    struct limits limits;
    struct err e = {0};
    buf out;
    limits_default(&limits);
    buf_init(&out, 1u << 20);
    const struct render_context c = {
        .channel = &channel, .limits = &limits, .lang = lang, .now = 1795600000, .length = length};
    if (!render_notice(n, &c, &out, &e))
        fail_msg("channel %d: %s", (int)type, e.msg);
    sv text = arena_sv(&memory, buf_view(&out));
    buf_free(&out);
    return text;
}

static bool holds(sv text, const char *words)
{
    for (size_t i = 0; i + strlen(words) <= text.n; i++)
        if (memcmp(text.p + i, words, strlen(words)) == 0)
            return true;
    return false;
}

static void it_comes_back(void **state)
{
    struct notice_item items[2];
    struct notice n = digest(items, POLICY_NONE, 12, 20), back;
    struct err e = {0};
    buf first, second;
    (void)state;
    buf_init(&first, 1u << 20);
    buf_init(&second, 1u << 20);
    assert_true(notice_freeze(&n, &first, &e) && notice_thaw(buf_view(&first), &memory, &back, &e) &&
                notice_freeze(&back, &second, &e));
    assert_true(sv_eq(buf_view(&first), buf_view(&second)));
    assert_int_equal(back.kind, NOTICE_digest);
    assert_int_equal(back.items[1].kind, ITEM_domain);
    assert_int_equal(back.items[1].lines[5].kind, LINE_selector);
    buf_free(&first);
    buf_free(&second);
}

static void every_channel_with_words_takes_it(void **state)
{
    static const enum channel_type types[] = {CHANNEL_SLACK,       CHANNEL_EMAIL,      CHANNEL_STDOUT,
                                              CHANNEL_DISCORD,     CHANNEL_MATTERMOST, CHANNEL_TEAMS,
                                              CHANNEL_GOOGLE_CHAT, CHANNEL_TELEGRAM,   CHANNEL_NTFY};
    struct notice_item items[2];
    struct notice n = digest(items, POLICY_NONE, 12, 20);
    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        for (unsigned lang = 0; lang < TEXT_LANG_END; lang++)
            for (unsigned length = 0; length < LENGTH_END; length++) {
                sv text = rendered(&n, types[i], (enum text_lang)lang, (enum render_length)length);
                bool calls = types[i] == CHANNEL_SLACK || types[i] == CHANNEL_MATTERMOST;
                if (text.n == 0 || (calls && holds(text, "<!channel>")) || holds(text, "http://evil.example"))
                    fail_msg("channel %d: %.*s", (int)types[i], SV_ARG(text));
            }
}

static void each_state_has_its_words(void **state)
{
    static const struct {
        uint8_t p;
        uint64_t failed;
        uint32_t days;
        const char *words;
    } cases[] = {
        {POLICY_NONE, 0, 20, "example.com is ready for p=quarantine"},
        {POLICY_NONE, 0, 20, "example.com is ready for p=quarantine, unless 203.0.113.0/24 is yours,"},
        {POLICY_NONE, 0, 20, "next to nothing of your senders would be lost, and all"},
        {POLICY_NONE, 12, 20, "example.com is not ready for p=quarantine"},
        {POLICY_NONE, 4, 20, "example.com is ready for p=quarantine"},
        {POLICY_NONE, 5, 20, "example.com is not ready for p=quarantine"},
        {POLICY_QUARANTINE, 0, 20, "example.com is ready for p=reject"},
        {POLICY_QUARANTINE, 0, 6, "example.com has too few reports to say what p=reject would do"},
        {POLICY_REJECT, 0, 20, "example.com has p=reject in force"},
    };
    struct notice_item items[2];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct notice n = digest(items, cases[i].p, cases[i].failed, cases[i].days);
        sv text = rendered(&n, CHANNEL_STDOUT, TEXT_en, LENGTH_FULL);
        if (!holds(text, cases[i].words))
            fail_msg("%s\nis not in\n%.*s", cases[i].words, SV_ARG(text));
    }
}

static void a_quiet_week_is_well(void **state)
{
    struct notice_item items[2];
    struct notice n = digest(items, POLICY_REJECT, 0, 20);
    (void)state;
    n.n_items = 1;
    assert_true(
        holds(rendered(&n, CHANNEL_STDOUT, TEXT_en, LENGTH_FULL), "weekly digest, 2 incidents go on"));
    items[0].state_of.firing = 0;
    sv text = rendered(&n, CHANNEL_STDOUT, TEXT_en, LENGTH_FULL);
    assert_true(holds(text, "The week: all is well"));
    items[0].state_of.reports = 0;
    assert_true(holds(rendered(&n, CHANNEL_STDOUT, TEXT_en, LENGTH_FULL), "received no"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back), cmocka_unit_test(every_channel_with_words_takes_it),
        cmocka_unit_test(each_state_has_its_words), cmocka_unit_test(a_quiet_week_is_well)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
