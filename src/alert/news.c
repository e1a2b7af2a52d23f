#include "news.h"

#include "base/clock.h"
#include "episode.h"

/* Told before, in this or in an earlier episode, and so held back in the cool-down. What was never told and
 * what is more severe than told is not. */
static bool can_wait(enum news n)
{
    static const bool waits[NEWS_END] = {
        [NEWS_again] = true, [NEWS_fate] = true, [NEWS_tenfold] = true, [NEWS_repeat] = true};
    return waits[n];
}

bool news_is_old(const struct alert_case *c, int64_t last_day)
{
    int64_t age = c->now - (last_day + 1) * DAY_SECONDS, week = ALERT_RESOLVE_DAYS * DAY_SECONDS;
    return age >= (week > c->config->max_age ? week : c->config->max_age);
}

/* Messages with a harmful fate that people were told of. */
static uint64_t told_harm(const struct rule *rule, const struct incident *i)
{
    bool let_through = rule->harmful >> FATE_let_through & 1;
    return let_through ? i->told_let_through : i->told_failed - i->told_let_through;
}

/* A fate that people were not told of, or of so little that it is another one now. */
static bool has_begun_to_harm(const struct rule *rule, const struct incident *i, const struct counts *c)
{
    uint64_t harm = episode_harm(rule, c), told = told_harm(rule, i);
    return told < rule->harm_messages && harm >= rule->harm_messages && harm / ALERT_TENFOLD >= told;
}

int64_t news_repeat_after(const struct repeat_cfg *repeat, uint32_t repeats)
{
    int64_t wait = repeat->first;
    for (uint32_t i = 0; i < repeats && wait < repeat->most; i++)
        wait *= 2;
    return wait < repeat->most ? wait : repeat->most;
}

/* When the channels that were told of the incident may hear more of the domain. */
static int64_t open_again(const struct alert_case *c, const struct incident *i)
{
    int64_t first = INT64_MAX;
    for (size_t t = 0; t < i->n_told; t++) {
        int64_t last = 0;
        for (size_t k = 0; k < c->n_incidents; k++) {
            const struct incident *in = &c->incidents[k];
            for (size_t n = 0; n < in->n_told; n++) {
                if (sv_eq(in->told[n].channel, i->told[t].channel) && in->told[n].at > last)
                    last = in->told[n].at;
            }
        }
        first = last < first ? last : first;
    }
    return i->n_told ? first + c->config->cool_down : 0;
}

/* Holds it back until the channels may hear of it. */
static enum news cool(const struct alert_case *c, struct outcome *o, enum news n)
{
    struct incident *i = &o->incident;
    int64_t open = open_again(c, i);
    if (!can_wait(n) || i->severity == SEVERITY_critical || open <= c->now ||
        open - c->now > c->config->cool_down)
        return n;
    i->due = open;
    return NEWS_none;
}

static enum news repeat(const struct alert_case *c, struct outcome *o, bool fresh)
{
    struct incident *i = &o->incident;
    int64_t after = news_repeat_after(&c->config->repeat, i->repeats);
    if (after == 0 || !fresh || !rule_is_mended(i->rule) || i->acked_at != 0)
        return NEWS_none;
    if (c->now >= i->told_at + after)
        return NEWS_repeat;
    i->due = i->told_at + after;
    return NEWS_none;
}

static enum news change(const struct alert_case *c, struct outcome *o)
{
    const struct incident *i = &o->incident;
    const struct rule rule = rule_in_force(c->config, c->entry, i->rule);
    if (i->told_at == 0)
        return i->told_failed > 0 ? NEWS_again : NEWS_first;
    if (i->severity > i->told_severity)
        return NEWS_worse;
    if (has_begun_to_harm(&rule, i, &o->counts))
        return NEWS_fate;
    if (o->counts.failed / ALERT_TENFOLD >= i->told_failed)
        return NEWS_tenfold;
    return repeat(c, o, o->counts.failed > i->told_failed);
}

/* Too little of a stranger is let through to matter, whatever severity somebody gave the rule. */
static bool is_small(const struct alert_case *c, const struct outcome *o)
{
    const struct rule rule = rule_in_force(c->config, c->entry, o->incident.rule);
    return rule_sets_severity(c->config, c->entry, o->incident.rule)
               ? o->counts.by_fate[FATE_let_through] < rule.harm_messages
               : o->incident.severity == SEVERITY_info;
}

/* What is learnt first: there is nothing to hold it against. It counts as told, so that what grows is news.
 */
static bool is_learnt(const struct alert_case *c, const struct outcome *o, enum news n)
{
    static const bool novelties[RULE_END] = {
        [RULE_new_source_passing] = true, [RULE_new_dkim_selector] = true, [RULE_new_subdomain] = true,
        [RULE_volume_spike] = true,       [RULE_pass_rate_drop] = true,    [RULE_reporter_silent] = true};
    enum rule_id rule = o->incident.rule;
    bool novel = novelties[rule] || (rule == RULE_unknown_source && is_small(c, o));
    return c->learning && novel && (n == NEWS_first || n == NEWS_again);
}

/* When the silence over it ends it is looked at again. */
static void wait_for_silence(const struct alert_case *c, struct incident *i)
{
    const struct silence_cfg *s = life_silence(c, i);
    if (s && i->state == INCIDENT_firing)
        i->due = s->ends;
}

static enum news settle(const struct alert_case *c, struct outcome *o, int64_t due_before, enum news n)
{
    if (is_learnt(c, o, n)) {
        life_tell(c, o);
        n = NEWS_none;
    }
    n = n == NEWS_none ? n : cool(c, o, n);
    wait_for_silence(c, &o->incident);
    o->changed = o->changed || o->incident.due != due_before;
    return n;
}

enum news news_of(const struct alert_case *c, struct outcome *o)
{
    struct incident *i = &o->incident;
    int64_t due = i->due;
    i->due = 0;
    bool may = i->state == INCIDENT_firing && !news_is_old(c, i->last_day) && life_is_carried(c, i);
    return settle(c, o, due, may ? change(c, o) : NEWS_none);
}

enum news news_of_standing(const struct alert_case *c, struct outcome *o, bool fresh)
{
    int64_t due = o->incident.due;
    o->incident.due = 0;
    return settle(c, o, due, life_is_carried(c, &o->incident) ? repeat(c, o, fresh) : NEWS_none);
}

enum news news_of_end(const struct alert_case *c, const struct incident *i, enum news end)
{
    bool told = i->told_at != 0 && life_is_carried(c, i);
    return told && (rule_is_mended(i->rule) || end == NEWS_explained) &&
                   !news_is_old(c, day_of(c->event_clock - 1))
               ? end
               : NEWS_none;
}
