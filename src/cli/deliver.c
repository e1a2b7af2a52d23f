/* T3: one notice and channel at a time. The row says `sending` before the first octet leaves, so that a
 * process that dies is known to have perhaps sent it. */
#include "base/clock.h"
#include "base/random.h"
#include "config/config.h"
#include "render/freeze.h"
#include "rest.h"
#include "run.h"
#include "say.h"
#include "sender.h"
#include "store/channels.h"
#include "store/outbox.h"

/* What one row needs in memory, frozen. */
#define ROW_MEMORY MIB(16)

/* A channel that failed is left alone for the rest of the run, seconds. */
enum { HOLD = 60 };

/* So often a mail waits for recipients that are put off (grey lists); then those who may have it get it. */
enum { WHOLE_TRIES = 2 };

struct deliver {
    struct run *run;
    struct sender sender;
    arena arena; /* of one row */
};

const struct channel_cfg *run_channel(const struct config *c, sv name)
{
    for (size_t i = 0; i < c->n_channels; i++)
        if (sv_eq(c->channels[i].name, name))
            return &c->channels[i];
    return NULL;
}

static bool give_up(struct deliver *d, const struct store_delivery *row, const char *why, struct err *e)
{
    say(SAY_ERROR, "channel %.*s: a notice was given up: %s", SV_ARG(row->channel), why);
    return store_outbox_dead(d->run->store, row->id, clock_now(), sv_c(why), e);
}

/* The time for which a notice rests is not one in which its channel fails. */
static int64_t first_due(struct deliver *d, const struct store_delivery *row)
{
    const struct channel_cfg *channel = run_channel(&d->run->config, row->channel);
    struct notice notice;
    struct err ignored;
    if (channel == NULL || !rest_is_set(&d->run->config) ||
        !notice_thaw(row->frozen, &d->arena, &notice, &ignored))
        return row->created;
    return rest_until(&d->run->config, channel, &notice, row->created);
}

static bool try_later(struct deliver *d, const struct store_delivery *row, const struct answer *answer,
                      struct err *e)
{
    struct store_retry retry = {
        .now = clock_now(),
        .since = first_due(d, row),
        .retry_after = answer->retry_after ? answer->retry_after : HOLD,
        .error = sv_c(answer->err.msg),
        .repeat_possible = answer->repeat_possible,
    };
    bool gave_up;
    random_bytes(&retry.jitter, sizeof retry.jitter);
    if (!store_outbox_retry(d->run->store, row->id, &retry, &gave_up, e))
        return false;
    if (gave_up)
        say(SAY_ERROR, "channel %.*s: a notice that could not be sent for days was given up",
            SV_ARG(row->channel));
    return true;
}

bool run_channel_failed(struct run *r, const struct channel_cfg *channel, const struct answer *answer,
                        struct err *e)
{
    enum channel_outcome *o = &r->outcomes[channel - r->config.channels];
    r->counts.failed++;
    if (answer->cls == ANSWER_BROKEN &&
        !store_channel_park(r->store, channel->name, clock_now(), sv_c(answer->err.msg), e))
        return false;
    if (*o == CHANNEL_FAILED)
        return true;
    *o = CHANNEL_FAILED;
    return trouble_failed(&r->trouble, "channel", channel->name, answer->cls == ANSWER_RETRY, &answer->err,
                          e);
}

/* Before it counts as sent: who dies in between sends it again. */
static bool note_standing(struct deliver *d, const struct store_delivery *row,
                          const struct channel_cfg *channel, struct err *e)
{
    struct notice notice;
    if (channel->type != CHANNEL_ALERTMANAGER)
        return true;
    if (!notice_thaw(row->frozen, &d->arena, &notice, e))
        return false;
    for (size_t i = 0; i < notice.n_items; i++)
        if (!store_standing_put(d->run->store, channel->name, notice.items[i].incident, row->notice, e))
            return false;
    return true;
}

static bool note_success(struct deliver *d, const struct store_delivery *row,
                         const struct channel_cfg *channel, struct err *e)
{
    enum channel_outcome *o = &d->run->outcomes[channel - d->run->config.channels];
    d->run->counts.sent++;
    if (!note_standing(d, row, channel, e))
        return false;
    if (*o != CHANNEL_UNTRIED)
        return true;
    *o = CHANNEL_WORKED;
    return store_channel_worked(d->run->store, channel->name, e);
}

static bool settle(struct deliver *d, const struct store_delivery *row, const struct channel_cfg *channel,
                   const struct answer *answer, struct err *e)
{
    switch (answer->cls) {
    case ANSWER_SENT:
        if (answer->err.cls != ERR_NONE) /* some of several recipients were refused */
            say(SAY_ERROR, "channel %.*s: %s", SV_ARG(channel->name), answer->err.msg);
        return note_success(d, row, channel, e) && store_outbox_sent(d->run->store, row->id, clock_now(), e);
    case ANSWER_RETRY:
    case ANSWER_BROKEN:
        return try_later(d, row, answer, e) && run_channel_failed(d->run, channel, answer, e);
    case ANSWER_REFUSED:
        return give_up(d, row, answer->err.msg, e) && run_channel_failed(d->run, channel, answer, e);
    }
    return true;
}

/* It may come back: renamed by mistake, or this run has another configuration. */
static bool wait_for_channel(struct deliver *d, const struct store_delivery *row, struct err *e)
{
    struct answer none = {.cls = ANSWER_RETRY};
    (void)err_set(&none.err, ERR_CONFIG, "the channel is not in the configuration");
    say(SAY_WARNING, "channel %.*s: a notice waits for it, and it is not in the configuration",
        SV_ARG(row->channel));
    return try_later(d, row, &none, e);
}

/* What is too large or not ours stays so; anything else may be another matter next time. */
static bool cannot_render(struct deliver *d, const struct store_delivery *row, const struct err *why,
                          struct err *e)
{
    struct answer none = {.cls = ANSWER_RETRY, .err = *why};
    if (why->cls == ERR_LIMIT || why->cls == ERR_BUG)
        return give_up(d, row, why->msg, e);
    return try_later(d, row, &none, e);
}

/* What the channel is never told of is done with. */
static bool offer_one(struct deliver *d, const struct store_delivery *row, struct sender_offer *offer,
                      buf *body, struct err *e)
{
    struct answer answer;
    if (body->n == 0)
        return store_outbox_sent(d->run->store, row->id, clock_now(), e);
    sender_send(&d->sender, offer, body, &answer);
    if (answer.cls == ANSWER_SENT && offer->length != LENGTH_FULL)
        say(SAY_VERBOSE, "channel %.*s: took a notice only in fewer words", SV_ARG(row->channel));
    return settle(d, row, offer->channel, &answer, e);
}

/* *until: after the quiet hours, or now. What cannot be read is left to the one that sends it. */
static bool find_rest(struct deliver *d, const struct store_delivery *row, const struct channel_cfg *channel,
                      int64_t *until)
{
    struct notice notice;
    struct err ignored;
    *until = clock_now();
    if (!rest_is_set(&d->run->config) || !notice_thaw(row->frozen, &d->arena, &notice, &ignored))
        return false;
    *until = rest_until(&d->run->config, channel, &notice, *until);
    return *until > clock_now();
}

static bool deliver_one(struct deliver *d, const struct store_delivery *row, struct err *e)
{
    const struct channel_cfg *channel = run_channel(&d->run->config, row->channel);
    int64_t until;
    if (channel == NULL)
        return wait_for_channel(d, row, e);
    if (find_rest(d, row, channel, &until))
        return store_outbox_rest(d->run->store, row->id, until, e);
    struct sender_offer offer = {.frozen = row->frozen,
                                 .channel = channel,
                                 .repeat_possible = row->repeat_possible,
                                 .partial = row->attempts >= WHOLE_TRIES};
    buf body;
    buf_init(&body, d->run->config.limits.notice_size);
    memcpy(offer.id, row->notice, INCIDENT_ID);
    struct err rendering;
    bool ok;
    if (!sender_render(&d->sender, &offer, &body, &rendering))
        ok = cannot_render(d, row, &rendering, e);
    else
        ok = store_outbox_claim(d->run->store, row->id, e) && offer_one(d, row, &offer, &body, e);
    buf_free(&body);
    return ok;
}

static bool deliver_all(struct deliver *d, unsigned percent, struct err *e)
{
    while (run_time_left(d->run, percent) > 0) {
        struct store_delivery row;
        bool found;
        arena_reset(&d->arena);
        if (!store_outbox_next(d->run->store, clock_now(), &d->arena, &row, &found, e))
            return false;
        if (!found)
            return true;
        if (!deliver_one(d, &row, e))
            return false;
    }
    return true;
}

/* Once a run. A channel whose configuration has changed is tried at once, whatever it was left alone for. */
static bool begin_channels(struct run *r, struct err *e)
{
    r->until = run_until(r, e);
    r->outcomes = arena_array(&r->arena, r->config.n_channels, sizeof *r->outcomes);
    if (r->until == 0 || r->outcomes == NULL)
        return r->until != 0 && err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < r->config.n_channels; i++) {
        const struct channel_cfg *c = &r->config.channels[i];
        bool changed;
        if (!store_channel_begin(r->store, c->name, config_channel_tag(&r->config, c), &changed, e))
            return false;
        if (changed)
            say(SAY_VERBOSE, "channel %.*s: has another configuration and is tried again", SV_ARG(c->name));
    }
    return true;
}

bool run_deliver(struct run *r, unsigned percent, struct err *e)
{
    struct deliver d = {.run = r};
    if (r->outcomes == NULL && !begin_channels(r, e))
        return false;
    if (!sender_open(&d.sender, &r->config, e))
        return false;
    d.sender.until = r->until;
    arena_init(&d.arena, ROW_MEMORY);
    bool ok = deliver_all(&d, percent, e);
    sender_close(&d.sender);
    arena_free(&d.arena);
    return ok;
}

bool run_end_streaks(const struct run *r, struct err *e)
{
    for (size_t i = 0; r->outcomes && i < r->config.n_channels; i++)
        if (r->outcomes[i] == CHANNEL_WORKED &&
            !trouble_ended(&r->trouble, "channel", r->config.channels[i].name, e))
            return false;
    return true;
}
