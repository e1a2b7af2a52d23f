/* What an Alertmanager was told is told again in each run, as its alerts end by themselves: what goes on with
 * a later end, what is over with the present one. */
#include "base/clock.h"
#include "render/freeze.h"
#include "run.h"
#include "sender.h"
#include "store/channels.h"

#define PAGE_MEMORY MIB(64)

enum { PAGE = 500, LEAST_INTERVAL = 300, MOST_INTERVAL = 7 * 86400, USUAL_INTERVAL = 3600 };

struct refresh {
    struct run *run;
    struct sender sender;
    const struct channel_cfg *channel;
    arena arena; /* of one page */
    bool firing; /* this round is about what goes on */
    struct answer answer;
};

int64_t run_until(struct run *r, struct err *e)
{
    struct store_run last;
    bool found;
    int64_t interval = USUAL_INTERVAL;
    if (!store_last_run(r->store, &last, &found, e))
        return 0;
    if (found)
        interval = r->started - last.started;
    interval = interval < LEAST_INTERVAL  ? LEAST_INTERVAL
               : interval > MOST_INTERVAL ? MOST_INTERVAL
                                          : interval;
    return clock_now() + 2 * interval + 3600;
}

static bool is_of(const struct store_standing *rows, size_t n, const uint8_t incident[INCIDENT_ID],
                  bool *firing)
{
    for (size_t i = 0; i < n; i++) {
        if (memcmp(rows[i].incident, incident, INCIDENT_ID) == 0) {
            *firing = rows[i].firing;
            return true;
        }
    }
    return false;
}

/* Of a notice: its incidents that stand and are of this round, as they are now. */
static void keep_items(const struct refresh *f, const struct store_standing *rows, size_t n,
                       struct notice *notice)
{
    size_t kept = 0;
    for (size_t i = 0; i < notice->n_items; i++) {
        struct notice_item item = notice->items[i];
        bool firing = false;
        if (!is_of(rows, n, item.incident, &firing) || firing != f->firing)
            continue;
        item.state = firing ? INCIDENT_firing : INCIDENT_resolved;
        notice->items[kept++] = item;
    }
    notice->n_items = kept;
}

static bool tell(struct refresh *f, const struct notice *notice, struct err *e)
{
    struct sender_offer offer = {.channel = f->channel};
    size_t most = (size_t)f->run->config.limits.notice_size;
    buf frozen, body;
    buf_init(&frozen, most);
    buf_init(&body, most);
    bool ok = notice_freeze(notice, &frozen, e);
    offer.frozen = buf_view(&frozen);
    ok = ok && sender_render(&f->sender, &offer, &body, e);
    if (ok && body.n)
        sender_send(&f->sender, &offer, &body, &f->answer);
    buf_free(&body);
    buf_free(&frozen);
    return ok;
}

static bool tell_notice(struct refresh *f, const struct store_standing *rows, size_t n, struct err *e)
{
    struct notice notice;
    if (!notice_thaw(rows[0].frozen, &f->arena, &notice, e))
        return false;
    keep_items(f, rows, n, &notice);
    return notice.n_items == 0 || tell(f, &notice, e);
}

/* Rows of one notice at the start of the list. */
static size_t same_notice(const struct store_standing *rows, size_t n)
{
    size_t same = 0;
    while (same < n && memcmp(rows[same].notice, rows[0].notice, INCIDENT_ID) == 0)
        same++;
    return same;
}

static bool tell_round(struct refresh *f, bool firing, struct err *e)
{
    uint8_t after[INCIDENT_ID] = {0};
    f->firing = firing;
    for (bool more = true; more && f->answer.cls == ANSWER_SENT;) {
        struct store_standing *rows;
        size_t n;
        arena_reset(&f->arena);
        if (!store_standing(f->run->store, f->channel->name, after, PAGE, &f->arena, &rows, &n, e))
            return false;
        more = n == PAGE;
        for (size_t at = 0, same; at < n && f->answer.cls == ANSWER_SENT; at += same) {
            same = same_notice(rows + at, n - at);
            if (more && at && at + same == n) /* perhaps not all of it: with the next page */
                break;
            if (!tell_notice(f, rows + at, same, e))
                return false;
            memcpy(after, rows[at].notice, INCIDENT_ID);
        }
    }
    return true;
}

/* What is over first, so that where both have the same labels the one that goes on has the last word. */
static bool refresh_channel(struct refresh *f, struct err *e)
{
    f->answer = (struct answer){.cls = ANSWER_SENT};
    if (!tell_round(f, false, e) || !tell_round(f, true, e))
        return false;
    if (f->answer.cls == ANSWER_SENT)
        return store_standing_drop(f->run->store, f->channel->name, e);
    return run_channel_failed(f->run, f->channel, &f->answer, e);
}

static bool is_held(const struct store_channel *known, size_t n, sv name)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(known[i].name, name))
            return known[i].hold_until > clock_now();
    return false;
}

static bool refresh_all(struct refresh *f, arena *a, struct err *e)
{
    struct run *r = f->run;
    struct store_channel *known;
    size_t n;
    if (!store_channels(r->store, a, &known, &n, e))
        return false;
    for (size_t i = 0; i < r->config.n_channels; i++) {
        f->channel = &r->config.channels[i];
        if (f->channel->type != CHANNEL_ALERTMANAGER || r->outcomes[i] == CHANNEL_FAILED ||
            is_held(known, n, f->channel->name))
            continue;
        if (!refresh_channel(f, e))
            return false;
    }
    return true;
}

static bool has_any(const struct config *c)
{
    for (size_t i = 0; i < c->n_channels; i++)
        if (c->channels[i].type == CHANNEL_ALERTMANAGER)
            return true;
    return false;
}

bool run_refresh(struct run *r, struct err *e)
{
    struct refresh f = {.run = r};
    arena a;
    if (!has_any(&r->config) || r->outcomes == NULL || run_stopping)
        return true;
    if (!sender_open(&f.sender, &r->config, e))
        return false;
    f.sender.until = r->until;
    arena_init(&f.arena, PAGE_MEMORY);
    arena_init(&a, PAGE_MEMORY);
    bool ok = refresh_all(&f, &a, e);
    arena_free(&a);
    arena_free(&f.arena);
    sender_close(&f.sender);
    return ok;
}
