/* dmarcwarn replay: what would have been told, when, by the rules that run; beside the active configuration.
 * A copy of the database lives through the past day by day. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "command_lock.h"
#include "output/replay.h"
#include "render/freeze.h"
#include "run.h"
#include "say.h"
#include "store/outbox.h"
#include "store/replay.h"
#include "store/thin.h"

enum { OPT_CONFIG = 1, OPT_ACTIVE, OPT_SINCE, OPT_FORMAT };

enum { DAYS = 90, DAYS_MOST = 1000 };

#define EVENTS_MEMORY MIB(256)
#define ROW_MEMORY    MIB(16)

static const struct opt options[] = {
    {OPT_SINCE, 0, "since", "90d", "so many days back from now (90d)"},
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration that is tried"},
    {OPT_ACTIVE, 0, "active", "FILE",
     "the active one, whose database it is (default " CONFIG_PATH ", else that of --config)"},
    {OPT_FORMAT, 0, "format", "FORMAT", "text (default) or json"},
    {0, 0, NULL, NULL, NULL},
};

static int replay_main(int argc, char **argv);

const struct command cmd_replay = {
    .name = "replay",
    .args = "",
    .summary = "Show what would have been told in the past, with another configuration beside",
    .opts = options,
    .details =
        "Judges the reports of the database once more, day by day, on a private copy; nothing is changed or\n"
        "sent. What went on before the first day counts as told.\n\n"
        "Exit status: 0 done; 65 there is no database; 75 a run is at work; 78 a configuration is wrong.\n",
    .run = replay_main,
};

/* What one configuration tells. */
struct side {
    struct run run;
    struct replay_event *events;
    size_t n, room;
};

struct command_line {
    struct common common;
    const char *config, *active;
    uint64_t days;
    bool json;
};

struct replaying {
    const struct command_line *line;
    int64_t now;
    arena arena; /* of everything that is printed */
    arena row;   /* of one notice */
    struct side sides[REPLAY_CONFIGS];
    struct replay out;
    struct replay_count *days, *channels;
};

static bool add_event(struct replaying *r, struct side *s, const struct replay_event *event)
{
    struct replay_event *more = arena_more(&r->arena, s->events, s->n, &s->room, sizeof *more);
    if (more == NULL)
        return false;
    s->events = more;
    s->events[s->n] = *event;
    s->events[s->n].domain = arena_sv(&r->arena, event->domain);
    s->events[s->n++].subject = arena_sv(&r->arena, event->subject);
    return true;
}

static bool add_notice(struct replaying *r, size_t side, int64_t day, sv frozen, struct err *e)
{
    struct notice n;
    if (!notice_thaw(frozen, &r->row, &n, e))
        return false;
    for (size_t i = 0; i < n.n_items; i++) {
        const struct notice_item *item = &n.items[i];
        struct replay_event event = {.day = day,
                                     .domain = item->domain,
                                     .subject = item->subject,
                                     .rule = item->rule,
                                     .severity = item->severity,
                                     .news = item->news};
        event.with[side] = true;
        if (!add_event(r, &r->sides[side], &event))
            return err_set(e, ERR_MEMORY, "out of memory");
    }
    return true;
}

static bool count_channel(struct replaying *r, size_t side, sv channel)
{
    size_t at = 0;
    while (at < r->out.n_channels && !sv_eq(r->channels[at].channel, channel))
        at++;
    if (at == r->out.n_channels)
        r->channels[r->out.n_channels++].channel = arena_sv(&r->arena, channel);
    r->channels[at].notices[side]++;
    return !r->arena.failed;
}

/* Takes what was decided off the outbox as if it had been sent. day SIZE_MAX: of the time before. */
static bool drain(struct replaying *r, size_t side, size_t day, struct err *e)
{
    struct store *s = r->sides[side].run.store;
    uint8_t last[INCIDENT_ID] = {0};
    struct store_delivery row;
    for (bool found = true; found;) {
        arena_reset(&r->row);
        if (!store_outbox_next(s, clock_now(), &r->row, &row, &found, e))
            return false;
        if (!found)
            break;
        if (!store_outbox_claim(s, row.id, e) || !store_outbox_sent(s, row.id, clock_now(), e))
            return false;
        if (day == SIZE_MAX)
            continue;
        if (!count_channel(r, side, row.channel))
            return err_set(e, ERR_MEMORY, "out of memory");
        if (memcmp(last, row.notice, INCIDENT_ID) == 0) /* the same to another channel */
            continue;
        memcpy(last, row.notice, INCIDENT_ID);
        r->days[day].notices[side]++;
        if (!add_notice(r, side, r->days[day].day, row.frozen, e))
            return false;
    }
    return true;
}

static bool live_through(struct replaying *r, size_t side, struct err *e)
{
    struct run *run = &r->sides[side].run;
    clock_set_now(r->out.since);
    run->read_to_end = run->config.n_mailboxes;
    if (!store_replay_begin(run->store, r->out.since, e) || !run_decide(run, e) ||
        !drain(r, side, SIZE_MAX, e))
        return false;
    for (size_t day = 0; day < r->out.n_days; day++) {
        clock_set_now(r->out.since + (int64_t)(day + 1) * DAY_SECONDS);
        if (!store_replay_until(run->store, clock_now(), e) || !run_decide(run, e) || !drain(r, side, day, e))
            return false;
    }
    return true;
}

/* What is summed up by day cannot come in once more: the first day is one from which on reports are whole. */
static bool begin_later(struct replaying *r, struct store *s, struct err *e)
{
    int64_t before;
    if (!store_thinned(s, &before, e))
        return false;
    if (before <= r->out.since)
        return true;
    size_t days = (size_t)((before - r->out.since + DAY_SECONDS - 1) / DAY_SECONDS);
    days = days < r->out.n_days ? days : r->out.n_days;
    say(SAY_NEWS, "the replay begins %zu days later: older reports are kept as daily sums (state.keep_rows)",
        days);
    r->out.since += (int64_t)days * DAY_SECONDS;
    r->out.n_days -= days;
    r->days += days;
    r->out.days = r->days;
    return true;
}

/* One configuration after the other, each on a copy of its own. */
static bool play(struct replaying *r, size_t side, struct err *e)
{
    struct run *run = &r->sides[side].run;
    bool ok = command_copy(run, &r->sides[REPLAY_ACTIVE].run.config, e) && begin_later(r, run->store, e) &&
              live_through(r, side, e);
    store_close(run->store);
    run->store = NULL;
    return ok;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_event(const void *a, const void *b)
{
    const struct replay_event *x = a, *y = b;
    int c = compare(x->day, y->day);
    c = c ? c : sv_cmp(x->domain, y->domain);
    c = c ? c : compare(x->rule, y->rule);
    c = c ? c : sv_cmp(x->subject, y->subject);
    c = c ? c : compare(x->news, y->news);
    return c ? c : compare(x->severity, y->severity);
}

static int by_channel(const void *a, const void *b)
{
    const struct replay_count *x = a, *y = b;
    return sv_cmp(x->channel, y->channel);
}

/* What both tell on the same day is one. */
static bool join(struct replaying *r)
{
    size_t all = r->sides[0].n + r->sides[1].n, n = 0;
    struct replay_event *events = arena_array(&r->arena, all, sizeof *events);
    if (events == NULL)
        return false;
    for (size_t i = 0; i < REPLAY_CONFIGS; i++)
        if (r->sides[i].n)
            memcpy(events + (i ? r->sides[0].n : 0), r->sides[i].events, r->sides[i].n * sizeof *events);
    qsort(events, all, sizeof *events, by_event);
    for (size_t i = 0; i < all; i++) {
        bool same = n && by_event(&events[n - 1], &events[i]) == 0;
        if (!same)
            events[n++] = events[i];
        for (size_t k = 0; same && k < REPLAY_CONFIGS; k++)
            events[n - 1].with[k] = events[n - 1].with[k] || events[i].with[k];
    }
    qsort(r->channels, r->out.n_channels, sizeof *r->channels, by_channel);
    r->out.events = events;
    r->out.n_events = n;
    return true;
}

/* The active configuration is the one of the system; where there is none, the one that is tried. */
static void choose_configs(struct replaying *r)
{
    const struct command_line *l = r->line;
    const char *active = l->active ? l->active : CONFIG_PATH;
    if (l->active == NULL && l->config && access(CONFIG_PATH, F_OK) != 0)
        active = l->config;
    r->out.paths[REPLAY_ACTIVE] = active;
    r->out.paths[REPLAY_TRIED] = l->config;
    r->out.n_configs = l->config && strcmp(active, l->config) != 0 ? REPLAY_CONFIGS : 1;
}

static bool load(struct replaying *r, struct err *e)
{
    size_t n_channels = 0;
    choose_configs(r);
    for (size_t i = 0; i < r->out.n_configs; i++) {
        struct run *run = &r->sides[i].run;
        run->common = r->line->common;
        if (!load_config(&run->common, r->out.paths[i], &run->arena, &run->config, e))
            return false;
        n_channels += run->config.n_channels;
        /* A step is a day, in which there would have been many runs. */
        run->config.limits.notices_hour = run->config.limits.notices_domain = UINT64_MAX;
    }
    r->out.until = r->now;
    r->out.since = r->now - (int64_t)r->line->days * DAY_SECONDS;
    r->out.n_days = (size_t)r->line->days;
    r->out.days = r->days = arena_array(&r->arena, r->out.n_days, sizeof *r->days);
    r->out.channels = r->channels = arena_array(&r->arena, n_channels, sizeof *r->channels);
    if (r->days == NULL || r->channels == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < r->out.n_days; i++)
        r->days[i].day = day_of(r->out.since + (int64_t)(i + 1) * DAY_SECONDS);
    return true;
}

static bool replay(struct replaying *r, struct err *e)
{
    if (!load(r, e))
        return false;
    for (size_t i = 0; i < r->out.n_configs; i++)
        if (!play(r, i, e))
            return false;
    clock_set_now(r->now);
    if (!join(r))
        return err_set(e, ERR_MEMORY, "out of memory");
    return replay_print(&r->out, r->line->json, stdout, e);
}

static int run(const struct command_line *l)
{
    struct replaying r = {.line = l, .now = clock_now()};
    struct err e = {0};
    arena_init(&r.arena, EVENTS_MEMORY);
    arena_init(&r.row, ROW_MEMORY);
    for (size_t i = 0; i < REPLAY_CONFIGS; i++)
        arena_init(&r.sides[i].run.arena, CONFIG_MEMORY);
    int code = replay(&r, &e) ? 0 : say_err(&e);
    for (size_t i = 0; i < REPLAY_CONFIGS; i++)
        arena_free(&r.sides[i].run.arena);
    arena_free(&r.row);
    arena_free(&r.arena);
    return code;
}

static bool take_since(struct command_line *l, const char *value, struct err *e)
{
    sv text = sv_c(value);
    return (sv_ends(text, SV("d")) && num_u64(sv_first(text, text.n - 1), DAYS_MOST, &l->days) &&
            l->days > 0) ||
           err_set(e, ERR_USAGE, "--since=%s: write 1d to %dd", value, DAYS_MOST);
}

static bool take_format(struct command_line *l, const char *value, struct err *e)
{
    l->json = strcmp(value, "json") == 0;
    return l->json || strcmp(value, "text") == 0 ||
           err_set(e, ERR_USAGE, "--format=%s: write text or json", value);
}

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct command_line *l = ctx;
    if (id == OPT_SINCE)
        return take_since(l, value, e);
    if (id == OPT_FORMAT)
        return take_format(l, value, e);
    *(id == OPT_CONFIG ? &l->config : &l->active) = value;
    return true;
}

static int replay_main(int argc, char **argv)
{
    struct command_line l = {.days = DAYS};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_replay, argc, argv);
    bool ok = common_parse(&l.common, &cmd_replay, &o, take_option, &l, &e);
    if (ok && o.n_operands)
        ok = err_set(&e, ERR_USAGE, "'%s' is too much: replay takes no operands", o.operands[0]);
    return ok ? run(&l) : common_give_up(&l.common, &cmd_replay, &e);
}
