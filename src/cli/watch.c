#include "watching.h"

#include <sys/statvfs.h>

#include "base/clock.h"
#include "model/limits.h"
#include "store/damage.h"
#include "store/watch.h"

#define DISK_LEAST MIB(64) /* free; less than this, or than DISK_PERCENT, is nearly full */

enum {
    DEAD_SECONDS =
        6 * 3600, /* a mailbox that cannot be read for so long is dead, however few runs that were */
    DISK_PERCENT = 5,
    DISK_ENOUGH = 2, /* so many times as much is enough again */
    CLOCK_BACK = 3600,
    CLOCK_AHEAD = 48 * 3600, /* of reporters, two of whom do not err alike */
    CLOCK_REPORTERS = 2,
    CLOCK_FORGET_DAYS = 7 /* a run in the future is not waited for longer */
};

bool watch_start(struct watch *w, arena *a, struct err *e)
{
    w->n = 0;
    w->list = arena_array(a, WATCH_MAX, sizeof *w->list);
    return w->list || err_set(e, ERR_MEMORY, "out of memory");
}

void watch_next(struct watch *w)
{
    w->n = 0;
    arena_reset(w->a);
}

size_t watch_entry(const struct watch *w, const struct judge *judge, sv domain)
{
    size_t entry = judge_domain(judge, domain);
    return entry == SIZE_MAX || w->run->config.domains[entry].unwatched ? SIZE_MAX : entry;
}

struct alert_plain *watch_add(struct watch *w, enum rule_id rule, sv subject)
{
    static struct alert_plain beyond;
    int64_t today = day_of(w->run->started);
    struct alert_plain *p = w->n < WATCH_MAX ? &w->list[w->n++] : &beyond;
    *p = (struct alert_plain){
        .rule = rule, .subject = arena_sv(w->a, subject), .first_day = today, .last_day = today};
    return p;
}

bool watch_hand_over(struct watch *w, sv domain, size_t entry, uint64_t ends, const struct watch_to *to,
                     struct err *e)
{
    const struct alert_plain_case c = {.config = &w->run->config,
                                       .domain = domain,
                                       .entry = entry,
                                       .plains = w->list,
                                       .n_plains = w->n,
                                       .ends = ends,
                                       .now = clock_now()};
    return w->a->failed ? err_set(e, ERR_MEMORY, "out of memory") : to->fn(to->ctx, &c, e);
}

/* ---- mailboxes ---- */

static bool is_mailbox(const struct config *c, sv name)
{
    for (size_t i = 0; i < c->n_mailboxes; i++)
        if (sv_eq(c->mailboxes[i].name, name))
            return true;
    return false;
}

static bool on_mailbox(void *ctx, const struct store_failing *f)
{
    struct watch *w = ctx;
    if (!is_mailbox(&w->run->config, f->name))
        return true;
    bool dead = f->runs >= TROUBLE_PATIENCE || w->run->started - f->since >= DEAD_SECONDS;
    struct alert_plain *p = watch_add(w, RULE_agent_mailbox, f->name);
    p->stays = !dead;
    p->first_day = day_of(f->since);
    p->detail = arena_sv(w->a, f->error);
    p->much = f->runs;
    return true;
}

/* ---- disk, clock, files ---- */

static void watch_disk(struct watch *w)
{
    struct statvfs fs;
    const char *path = arena_cstr(w->a, w->run->config.state_path);
    if (path == NULL || statvfs(path, &fs) != 0 || fs.f_blocks == 0)
        return;
    uint64_t all = (uint64_t)fs.f_blocks * fs.f_frsize, left = (uint64_t)fs.f_bavail * fs.f_frsize;
    uint64_t least = all / 100 * DISK_PERCENT > DISK_LEAST ? all / 100 * DISK_PERCENT : DISK_LEAST;
    if (left >= DISK_ENOUGH * least)
        return;
    struct alert_plain *p = watch_add(w, RULE_agent_disk, w->run->config.state_path);
    p->stays = left >= least;
    p->much = left / MIB(1);
    p->usual = all / MIB(1);
}

/* A run that goes back tells it. After it, it lasts until the time of the latest run has come, or is
 * forgotten: then that one was wrong. */
static bool watch_clock(struct watch *w, struct err *e)
{
    struct store_past_runs past;
    unsigned ahead;
    int64_t now = w->run->started, time = 0;
    if (!store_past_runs(w->run->store, w->run->id, &past, e) ||
        !store_ahead(w->run->store, now + CLOCK_AHEAD, w->a, &ahead, &time, e))
        return false;
    bool went_back = past.last - now >= CLOCK_BACK, behind = ahead >= CLOCK_REPORTERS;
    bool waits = past.latest > now && past.latest - now < CLOCK_FORGET_DAYS * DAY_SECONDS;
    if (!went_back && !behind && !waits)
        return true;
    struct alert_plain *p = watch_add(w, RULE_agent_clock, SV("clock"));
    p->stays = !went_back && !behind;
    p->much = (uint64_t)((behind ? time : past.latest) - now) / 3600;
    p->usual = ahead;
    return true;
}

/* For a day it goes on, so that people find it among what goes on. */
static bool watch_database(struct watch *w, struct err *e)
{
    int64_t at;
    sv aside;
    if (!store_begun_anew(w->run->store, w->a, &at, &aside, e))
        return false;
    if (at == 0 || w->run->started - at >= DAY_SECONDS)
        return true;
    watch_add(w, RULE_agent_db, w->run->config.state_path)->detail = aside;
    return true;
}

static void watch_files(struct watch *w)
{
    const struct config_extra *extra = &w->run->loaded.extra;
    for (size_t i = 0; i < extra->n_files; i++)
        if (extra->files[i].failed)
            (void)watch_add(w, RULE_agent_config, extra->files[i].path);
}

bool watch_agent(struct run *r, arena *a, const struct watch_to *to, struct err *e)
{
    struct watch w = {.run = r, .a = a};
    const uint64_t ends = UINT64_C(1) << RULE_agent_mailbox | UINT64_C(1) << RULE_agent_disk |
                          UINT64_C(1) << RULE_agent_clock | UINT64_C(1) << RULE_agent_config |
                          UINT64_C(1) << RULE_agent_db;
    if (!watch_start(&w, a, e) || !store_failing_mailboxes(r->store, on_mailbox, &w, e) ||
        !watch_clock(&w, e) || !watch_database(&w, e))
        return false;
    watch_disk(&w);
    watch_files(&w);
    return watch_hand_over(&w, SV(""), SIZE_MAX, ends, to, e);
}

/* ---- channels ---- */

struct channel_watch {
    struct watch all;
    bool *broken;
};

/* One that is parked, or that gave a notice up and has taken none since. Until it has taken one, what was
 * told of it is not over. */
static bool on_channel(void *ctx, const struct store_bad_channel *c)
{
    struct channel_watch *cw = ctx;
    struct watch *w = &cw->all;
    const struct config *config = &w->run->config;
    const struct channel_cfg *cfg = run_channel(config, c->name);
    bool gave_up = c->gave_up && c->failed_since && c->gave_up >= c->failed_since;
    if (cfg == NULL)
        return true;
    cw->broken[cfg - config->channels] = true;
    struct alert_plain *p = watch_add(w, RULE_agent_channel, c->name);
    p->stays = !c->parked && !gave_up;
    p->first_day = day_of(c->failed_since ? c->failed_since : c->parked);
    p->detail = arena_sv(w->a, c->error);
    p->much = c->waiting;
    return true;
}

bool watch_channels(struct run *r, arena *a, bool *broken, const struct watch_to *to, struct err *e)
{
    struct channel_watch w = {.all = {.run = r, .a = a}, .broken = broken};
    return watch_start(&w.all, a, e) && store_bad_channels(r->store, on_channel, &w, e) &&
           watch_hand_over(&w.all, SV(""), SIZE_MAX, UINT64_C(1) << RULE_agent_channel, to, e);
}
