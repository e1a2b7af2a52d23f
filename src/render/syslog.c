/* Messages for a syslog daemon (RFC 5424), a line for each incident. */
#include "base/clock.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "channel.h"
#include "chat.h"
#include "model/domain.h"

enum {
    MESSAGE_MAX = 2048, /* octets that a receiver should take (RFC 5424 6.1) */
    VALUE_MAX = 255,    /* of a parameter */
    FACILITY = 3        /* daemon */
};

static const struct chat_form form = {text_mail, text_mail, text_mail_foreign, "", "", chat_octets};

struct line {
    struct chat chat;
    const struct notice *notice;
    const struct render_context *c;
    buf *out;
};

static unsigned syslog_severity(const struct notice_item *item)
{
    static const unsigned levels[SEVERITY_END] = {
        [SEVERITY_info] = 6, [SEVERITY_warning] = 4, [SEVERITY_critical] = 2};
    return news_is_end(item->news) ? 5 : levels[item->severity];
}

static void put_value(struct line *l, const char *name, sv value)
{
    if (value.n == 0)
        return;
    buf_printf(l->out, " %s=\"", name);
    text_put_cut(l->out, value, VALUE_MAX, text_syslog_value);
    buf_char(l->out, '"');
}

/* 32473 is the number that RFC 5612 gives to examples: we have none of our own. */
static void put_data(struct line *l, const struct notice_item *item)
{
    char id[INCIDENT_ID_TEXT];
    buf_puts(l->out, "[dmarcwarn@32473");
    put_value(l, "rule", sv_c(story_rule(item)));
    put_value(l, "severity", sv_c(severity_name(item->severity)));
    put_value(l, "state", sv_c(news_is_end(item->news) ? "resolved" : "firing"));
    put_value(l, "domain", item->domain);
    put_value(l, "tenant", l->notice->tenant);
    put_value(l, "subject", item->subject);
    hex_of(item->incident, INCIDENT_ID, id);
    put_value(l, "incident", sv_c(id));
    hex_of(l->notice->id, INCIDENT_ID, id);
    put_value(l, "notice", sv_c(id));
    buf_printf(l->out, " counted=\"%llu\"]", (unsigned long long)item->counts.failed);
}

static void put_header(struct line *l, const struct notice_item *item)
{
    char now[CLOCK_TEXT];
    sv host = domain_is_plain(l->c->host) ? l->c->host : SV("-");
    buf_printf(l->out, "<%u>1 %s %.*s dmarcwarn - %s ", FACILITY * 8 + syslog_severity(item),
               clock_iso(l->notice->created, now), SV_ARG(host), story_rule(item));
    put_data(l, item);
    buf_puts(l->out, " \xEF\xBB\xBF"); /* what follows is UTF-8 */
}

static void add(struct line *l, sv text)
{
    struct story *s = &l->chat.story;
    if (text.n && s->words.n)
        buf_char(&s->words, ' ');
    buf_sv(&s->words, text);
}

/* As long as `length` has it, and full without what to do when that is too long. */
static sv message(struct line *l, const struct notice_item *item, bool brief)
{
    struct story *s = &l->chat.story;
    struct story_item told;
    story_item(s, item, &told);
    add(l, l->notice->test ? SAY(s, MSG_subject_test, text_markup(told.severity)) : told.severity);
    sv begin = story_take(s);
    sv title = arena_printf(&l->chat.memory, "%.*s %.*s.", SV_ARG(begin), SV_ARG(told.title));
    add(l, title);
    if (s->length != LENGTH_TEXT)
        add(l, told.summary);
    if (!brief) {
        add(l, told.news);
        add(l, told.meaning);
    }
    for (size_t i = 0; i < told.n_steps && !brief; i++)
        add(l, arena_printf(&l->chat.memory, "%zu. %.*s", i + 1, SV_ARG(told.steps[i])));
    return story_take(s);
}

static void put_line(struct line *l, const struct notice_item *item)
{
    size_t start = l->out->n;
    put_header(l, item);
    size_t used = l->out->n - start;
    sv text = message(l, item, false);
    if (used + text.n > MESSAGE_MAX)
        text = message(l, item, true);
    buf_sv(l->out, utf8_cut(text, used < MESSAGE_MAX ? MESSAGE_MAX - used : 0));
    buf_char(l->out, '\n');
}

bool render_syslog(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    struct line l = {.notice = n, .c = c, .out = out};
    chat_open(&l.chat, &form, c);
    for (size_t i = 0; i < n->n_items; i++)
        put_line(&l, &n->items[i]);
    bool ok = chat_close(&l.chat);
    if (ok && !out->failed)
        return true;
    return err_set(e, out->failed ? ERR_LIMIT : ERR_MEMORY, "the notice could not be rendered for syslog");
}
