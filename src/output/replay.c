#include "output/replay.h"

#include "base/clock.h"
#include "json_writer.h"
#include "text/escape.h"
#include "whole.h"

enum { OUT_MAX = 256 * 1024 * 1024 };

static const char *const names[REPLAY_CONFIGS] = {"active", "tried"};

static uint64_t sum_of(const struct replay *r, size_t config)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < r->n_days; i++)
        sum += r->days[i].notices[config];
    return sum;
}

/* ---- for people ---- */

static void put_numbers(buf *out, const struct replay *r, const uint64_t notices[REPLAY_CONFIGS])
{
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++)
        buf_printf(out, "  %7llu", (unsigned long long)notices[i]);
}

static void put_days(buf *out, const struct replay *r)
{
    char date[CLOCK_TEXT];
    buf_puts(out, "\nnotices a day    ");
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++)
        buf_printf(out, "  %7s", names[i]);
    for (size_t i = 0; i < r->n_days; i++) {
        const struct replay_count *d = &r->days[i];
        if (d->notices[REPLAY_ACTIVE] == 0 && d->notices[REPLAY_TRIED] == 0)
            continue;
        buf_printf(out, "\n  %-15s", clock_date(d->day * DAY_SECONDS, date));
        put_numbers(out, r, d->notices);
    }
    buf_printf(out, "\n  %-15s", "all");
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++)
        buf_printf(out, "  %7llu", (unsigned long long)sum_of(r, i));
    buf_printf(out, "\n  %-15s", "a day");
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++)
        buf_printf(out, "  %7.2f", r->n_days ? (double)sum_of(r, i) / (double)r->n_days : 0.0);
    buf_char(out, '\n');
}

static void put_channels(buf *out, const struct replay *r)
{
    if (r->n_channels)
        buf_puts(out, "\nby channel\n");
    for (size_t i = 0; i < r->n_channels; i++) {
        buf_puts(out, "  ");
        text_terminal(out, r->channels[i].channel);
        for (size_t n = r->channels[i].channel.n; n < 15; n++)
            buf_char(out, ' ');
        put_numbers(out, r, r->channels[i].notices);
        buf_char(out, '\n');
    }
}

/* "+" only with the one that is tried, "-" only with the active one. */
static char mark_of(const struct replay *r, const struct replay_event *e)
{
    if (r->n_configs < REPLAY_CONFIGS || e->with[REPLAY_ACTIVE] == e->with[REPLAY_TRIED])
        return ' ';
    return e->with[REPLAY_TRIED] ? '+' : '-';
}

static void put_events(buf *out, const struct replay *r)
{
    char date[CLOCK_TEXT];
    if (r->n_events)
        buf_puts(out, r->n_configs > 1
                          ? "\nwhat is told: + only with the one tried, - only with the active one\n"
                          : "\nwhat is told\n");
    for (size_t i = 0; i < r->n_events; i++) {
        const struct replay_event *e = &r->events[i];
        buf_printf(out, "%c %s  %-8s  ", mark_of(r, e), clock_date(e->day * DAY_SECONDS, date),
                   severity_name(e->severity));
        text_terminal(out, e->domain);
        buf_printf(out, "  %s  ", rule_name(e->rule));
        text_terminal(out, e->subject);
        if (e->news != NEWS_first)
            buf_printf(out, " (%s)", news_name(e->news));
        buf_char(out, '\n');
    }
}

static void put_text(buf *out, const struct replay *r)
{
    char from[CLOCK_TEXT], to[CLOCK_TEXT];
    buf_printf(out, "%s to %s, %zu days\n", clock_date(r->since, from), clock_date(r->until, to), r->n_days);
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++) {
        buf_printf(out, "%s: ", names[i]);
        text_terminal(out, sv_c(r->paths[i]));
        buf_char(out, '\n');
    }
    put_days(out, r);
    put_channels(out, r);
    put_events(out, r);
}

/* ---- JSON ---- */

static void json_counts(struct json *j, const struct replay *r, const uint64_t notices[REPLAY_CONFIGS])
{
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++)
        json_number(j, names[i], notices[i]);
}

static void json_counted(struct json *j, const struct replay *r, const char *key,
                         const struct replay_count *list, size_t n)
{
    char date[CLOCK_TEXT];
    json_open(j, key, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, NULL, '{');
        if (list[i].channel.n)
            json_text(j, "channel", list[i].channel);
        else
            json_text(j, "day", sv_c(clock_date(list[i].day * DAY_SECONDS, date)));
        json_counts(j, r, list[i].notices);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json_event(struct json *j, const struct replay *r, const struct replay_event *e)
{
    char date[CLOCK_TEXT];
    json_open(j, NULL, '{');
    json_text(j, "day", sv_c(clock_date(e->day * DAY_SECONDS, date)));
    json_text(j, "severity", sv_c(severity_name(e->severity)));
    json_text(j, "domain", e->domain);
    json_text(j, "rule", sv_c(rule_name(e->rule)));
    json_text(j, "subject", e->subject);
    json_text(j, "reason", sv_c(news_name(e->news)));
    json_open(j, "with", '[');
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++)
        if (e->with[i])
            json_text(j, NULL, sv_c(names[i]));
    json_close(j, ']');
    json_close(j, '}');
}

static void put_json(buf *out, const struct replay *r)
{
    struct json j = {.out = out};
    char time[CLOCK_TEXT];
    json_open(&j, NULL, '{');
    json_text(&j, "schema", SV("dmarcwarn.replay.v1"));
    json_text(&j, "since", sv_c(clock_iso(r->since, time)));
    json_text(&j, "until", sv_c(clock_iso(r->until, time)));
    json_open(&j, "configurations", '{');
    for (size_t i = 0; i < REPLAY_CONFIGS && i < r->n_configs; i++)
        json_text(&j, names[i], sv_c(r->paths[i]));
    json_close(&j, '}');
    json_counted(&j, r, "days", r->days, r->n_days);
    json_counted(&j, r, "channels", r->channels, r->n_channels);
    json_open(&j, "told", '[');
    for (size_t i = 0; i < r->n_events; i++)
        json_event(&j, r, &r->events[i]);
    json_close(&j, ']');
    json_close(&j, '}');
    buf_char(out, '\n');
}

bool replay_print(const struct replay *r, bool json, FILE *to, struct err *e)
{
    buf out;
    buf_init(&out, OUT_MAX);
    (json ? put_json : put_text)(&out, r);
    bool ok = write_whole(&out, to, e);
    buf_free(&out);
    return ok;
}
