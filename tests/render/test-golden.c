/* testdata/render: each frozen notice on each channel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "render/freeze.h"
#include "render/render.h"

static arena memory;

static struct limits limits;

static const char *const suffixes[CHANNEL_TYPE_END] = {
    [CHANNEL_SLACK] = "slack",         [CHANNEL_EMAIL] = "eml",
    [CHANNEL_WEBHOOK] = "webhook",     [CHANNEL_STDOUT] = "txt",
    [CHANNEL_DISCORD] = "discord",     [CHANNEL_MATTERMOST] = "mattermost",
    [CHANNEL_TEAMS] = "teams",         [CHANNEL_GOOGLE_CHAT] = "google_chat",
    [CHANNEL_TELEGRAM] = "telegram",   [CHANNEL_NTFY] = "ntfy",
    [CHANNEL_PAGERDUTY] = "pagerduty", [CHANNEL_ALERTMANAGER] = "alertmanager",
    [CHANNEL_SYSLOG] = "syslog"};

static enum render_length length;
static enum webhook_format format;
static enum text_lang lang;

static void render_one(sv name, enum channel_type type, buf *out)
{
    sv to[] = {SV("postmaster@example.com"), SV("Müller Admin <admin@example.com>")};
    const struct channel_cfg channel = {.type = type,
                                        .from = SV("DMARC \"watch\" <dmarcwarn@example.com>"),
                                        .to = to,
                                        .n_to = COUNT_OF(to),
                                        .token = SV("routing-key"),
                                        .room = SV("room"),
                                        .format = format};
    struct render_context c = {.channel = &channel,
                               .limits = &limits,
                               .now = 1795600100,
                               .host = SV("mx1.example.com"),
                               .repeat_possible = sv_eq(name, SV("several")),
                               .lang = lang,
                               .length = length,
                               .until = 1795600100 + 3 * 3600};
    struct err e = {0};
    struct notice n;
    buf json;
    buf_init(&json, 1u << 20);
    sv path = arena_printf(&memory, TESTDATA "/render/%.*s.json", SV_ARG(name));
    assert_true(file_read(path.p, &json, &e));
    if (!notice_thaw(buf_view(&json), &memory, &n, &e))
        fail_msg("%s: %s", path.p, e.msg);
    if (!render_notice(&n, &c, out, &e))
        fail_msg("%s: %s", path.p, e.msg);
    buf_free(&json);
}

static void compare(sv name, enum channel_type type, const char *suffix)
{
    buf got, want;
    struct err e = {0};
    buf_init(&got, 1u << 20);
    buf_init(&want, 1u << 20);
    render_one(name, type, &got);
    sv path = arena_printf(&memory, TESTDATA "/render/%.*s.%s", SV_ARG(name), suffix);
    if (getenv("UPDATE_GOLDEN"))
        assert_true(file_write_atomic(path.p, buf_view(&got), 0644, &e));
    if (!file_read(path.p, &want, &e))
        fail_msg("%s", e.msg);
    if (!sv_eq(buf_view(&got), buf_view(&want)))
        fail_msg("%s differs from what is rendered now:\n%.*s", path.p, SV_ARG(buf_view(&got)));
    buf_free(&got);
    buf_free(&want);
}

/* The other form of webhooks, and of one notice the shorter forms of every channel. */
static void compare_others(sv name)
{
    static const char *const words[] = {[LENGTH_SHORT] = "short", [LENGTH_TEXT] = "text"};
    format = FORMAT_ALERTMANAGER;
    compare(name, CHANNEL_WEBHOOK, "v4");
    format = FORMAT_NATIVE;
    lang = TEXT_ja;
    compare(name, CHANNEL_STDOUT, "ja.txt");
    if (sv_eq(name, SV("several")) || sv_eq(name, SV("hostile")))
        for (size_t i = 0; i < COUNT_OF(suffixes); i++)
            if (suffixes[i])
                compare(name, (enum channel_type)i, arena_printf(&memory, "ja.%s", suffixes[i]).p);
    lang = TEXT_en;
    if (!sv_eq(name, SV("several")))
        return;
    for (length = LENGTH_SHORT; length < LENGTH_END; length++) {
        for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
            sv suffix = arena_printf(&memory, "%s.%s", words[length], suffixes[i] ? suffixes[i] : "");
            if (suffixes[i])
                compare(name, (enum channel_type)i, suffix.p);
        }
    }
    length = LENGTH_FULL;
}

static void every_notice_on_every_channel(void **state)
{
    (void)state;
    DIR *dir = opendir(TESTDATA "/render");
    assert_non_null(dir);
    unsigned seen = 0;
    for (struct dirent *d; (d = readdir(dir));) {
        sv file = sv_c(d->d_name);
        if (!sv_ends(file, SV(".json")))
            continue;
        sv name = arena_sv(&memory, sv_first(file, file.n - 5));
        for (size_t i = 0; i < COUNT_OF(suffixes); i++)
            if (suffixes[i])
                compare(name, (enum channel_type)i, suffixes[i]);
        compare_others(name);
        seen++;
    }
    closedir(dir);
    assert_true(seen >= 18);
}

static void content_types(void **state)
{
    (void)state;
    assert_string_equal(render_content_type(CHANNEL_SLACK), "application/json");
    assert_string_equal(render_content_type(CHANNEL_EMAIL), "message/rfc822");
    assert_string_equal(render_content_type(CHANNEL_WEBHOOK), "application/json");
    assert_string_equal(render_content_type(CHANNEL_COMMAND), "application/json");
    assert_string_equal(render_content_type(CHANNEL_STDOUT), "text/plain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_notice_on_every_channel),
        cmocka_unit_test(content_types),
    };
    limits_default(&limits);
    arena_init(&memory, 64u << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&memory);
    return failed;
}
