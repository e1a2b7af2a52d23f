#include "alert/plain.h"

#include <stdlib.h>

#include "base/clock.h"
#include "life.h"
#include "model/route.h"
#include "news.h"

/* An incident, and what is seen of it now; NULL: nothing. */
struct told_plain {
    const struct alert_plain *plain;
    struct incident incident;
    enum news news;
    bool sure; /* its end is proven by verified reports */
};

static const struct incident *incident_of(const struct alert_plain_case *c, const struct alert_plain *p)
{
    const struct incident *best = NULL;
    for (size_t i = 0; i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        if (in->rule == p->rule && sv_eq(in->subject, p->subject) &&
            (best == NULL || in->state == INCIDENT_firing || best->state != INCIDENT_firing))
            best = in;
    }
    return best;
}

/* What the agent sees by itself needs no report; what a report says that nobody verified is a warning at
 * most. */
static enum severity severity_of(const struct alert_plain_case *c, const struct alert_plain *p)
{
    const struct rule rule = rule_in_force(c->config, c->entry, p->rule);
    enum severity s = p->harmful ? rule.harm : rule.mild;
    if (p->mere && !rule_sets_severity(c->config, c->entry, p->rule))
        return SEVERITY_info;
    return rule_is_own_word(p->rule) || p->verified ? s : life_severity(s);
}

static bool is_carried(const struct alert_plain_case *c, const struct incident *i)
{
    const struct alert_case one = {.config = c->config,
                                   .domain = c->domain,
                                   .entry = c->entry,
                                   .now = c->now,
                                   .silences = c->silences,
                                   .n_silences = c->n_silences};
    return life_is_carried(&one, i);
}

static void open_episode(const struct alert_plain_case *c, struct told_plain *t)
{
    struct incident *i = &t->incident;
    if (i->episode == 0)
        c->make_id(c->make_id_ctx, i->id);
    i->state = INCIDENT_firing;
    i->severity = severity_of(c, t->plain);
    i->episode++;
    i->first_day = i->last_day = t->plain->first_day;
    i->opened = c->now;
    i->told_at = 0;
    i->repeats = 0;
}

/* That reports say it goes on needs one that has come since. */
/* What somebody knew of is no more what it was. */
static void forget_ack(struct incident *i)
{
    i->acked_at = 0;
    i->acked_by = SV_ABSENT;
}

static enum news news_now(const struct alert_plain_case *c, const struct alert_plain *p,
                          const struct incident *i)
{
    bool new = rule_is_own_word(i->rule) || p->reported > i->told_at;
    int64_t after = news_repeat_after(&c->config->repeat, i->repeats);
    if (!is_carried(c, i))
        return NEWS_none;
    if (i->told_at == 0)
        return i->episode > 1 ? NEWS_again : NEWS_first;
    if (i->severity > i->told_severity)
        return NEWS_worse;
    return rule_is_mended(i->rule) && i->acked_at == 0 && new &&after && c->now >= i->told_at + after
               ? NEWS_repeat
               : NEWS_none;
}

/* False: it is no incident, or one that is over and that nothing new has come of. */
static bool becomes(const struct alert_plain_case *c, const struct alert_plain *p, struct told_plain *t)
{
    const struct incident *was = incident_of(c, p);
    bool goes_on = was && was->state == INCIDENT_firing;
    bool is_agent = rule_about(p->rule) == ABOUT_AGENT; /* what it sees now is new, whatever the day */
    if (p->proven)
        return false;
    if (!goes_on && (p->stays || p->fades || (was && !is_agent && p->last_day <= was->last_day)))
        return false;
    *t = (struct told_plain){.plain = p};
    t->incident = was ? *was : (struct incident){.rule = p->rule, .domain = c->domain, .subject = p->subject};
    if (!goes_on)
        open_episode(c, t);
    struct incident *i = &t->incident;
    enum severity severity = severity_of(c, p);
    i->severity = severity > i->severity ? severity : i->severity;
    i->last_day = p->last_day > i->last_day ? p->last_day : i->last_day;
    i->before = p->detail;
    i->after = p->after;
    if (p->fades) {
        i->state = INCIDENT_resolved;
        return true;
    }
    t->news = news_now(c, p, i);
    return true;
}

/* What is named of it, or NULL. */
static const struct alert_plain *named(const struct alert_plain_case *c, const struct incident *i)
{
    for (size_t k = 0; k < c->n_plains; k++)
        if (c->plains[k].rule == i->rule && sv_eq(c->plains[k].subject, i->subject))
            return &c->plains[k];
    return NULL;
}

/* What the caller would have named if it went on. */
static size_t end_others(const struct alert_plain_case *c, struct told_plain *out)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        bool is_off = rule_is_off(c->config, c->entry, in->rule);
        const struct alert_plain *p = named(c, in);
        if ((c->ends >> in->rule & 1) == 0 || in->state != INCIDENT_firing || (!is_off && p && !p->proven))
            continue;
        bool told = !is_off && in->told_at && rule_is_mended(in->rule) && is_carried(c, in);
        out[n] = (struct told_plain){
            .incident = *in, .news = told ? NEWS_over : NEWS_none, .sure = p && p->proven && p->verified};
        out[n].incident.state = INCIDENT_resolved;
        forget_ack(&out[n++].incident);
    }
    return n;
}

static struct notice_item item_of(const struct told_plain *t)
{
    const struct incident *i = &t->incident;
    struct notice_item item = {.rule = i->rule,
                               .severity = i->severity,
                               .state = i->state,
                               .news = t->news,
                               .episode = i->episode,
                               .domain = i->domain,
                               .subject = i->subject,
                               .before = i->before,
                               .after = i->after,
                               .first_day = i->first_day,
                               .last_day = i->last_day,
                               .verified = rule_is_own_word(i->rule) || t->sure};
    memcpy(item.incident, i->id, sizeof item.incident);
    if (t->plain == NULL)
        return item;
    item.first_day = t->plain->first_day;
    item.last_day = t->plain->last_day;
    item.counts = t->plain->counts;
    item.since_told = t->plain->counts.failed;
    item.reported = t->plain->reported;
    item.much = t->plain->much;
    item.usual = t->plain->usual;
    item.reporters = t->plain->reporters;
    item.n_reporters = t->plain->n_reporters;
    item.all_reporters = t->plain->all_reporters;
    item.verified = item.verified || t->plain->verified;
    return item;
}

/* Most severe first, ends last. */
static int by_urgency(const void *a, const void *b)
{
    const struct told_plain *x = a, *y = b;
    if (news_is_end(x->news) != news_is_end(y->news))
        return news_is_end(x->news) ? 1 : -1;
    if (x->incident.severity != y->incident.severity)
        return x->incident.severity > y->incident.severity ? -1 : 1;
    if (x->incident.rule != y->incident.rule)
        return x->incident.rule < y->incident.rule ? -1 : 1;
    return sv_cmp(x->incident.subject, y->incident.subject);
}

static void note_told(const struct alert_plain_case *c, struct told_plain *t)
{
    t->incident.repeats += t->news == NEWS_repeat;
    t->incident.told_at = c->now;
    forget_ack(&t->incident);
    t->incident.told_severity = t->incident.severity;
    if (t->plain)
        t->incident.told_failed = t->plain->counts.failed;
}

static void tell(const struct alert_plain_case *c, struct told_plain *all, size_t n, struct decision *out)
{
    struct notice *notice = &out->notice;
    size_t max = c->config->limits.notice_items;
    for (size_t i = 0; i < n; i++) {
        bool told = all[i].news != NEWS_none;
        if (told && notice->n_items < max)
            notice->items[notice->n_items++] = item_of(&all[i]);
        else
            notice->more += told;
        if (told)
            note_told(c, &all[i]);
        out->incidents[out->n_incidents++] = all[i].incident;
    }
    out->tells = notice->n_items > 0;
    if (!out->tells)
        return;
    notice->created = c->now;
    notice->severity = notice->items[0].severity;
    notice->domain = c->domain;
    notice->tenant = c->entry == SIZE_MAX ? SV_ABSENT : c->config->domains[c->entry].tenant;
    c->make_id(c->make_id_ctx, notice->id);
}

bool alert_decide_plain(const struct alert_plain_case *c, arena *a, struct decision *out, struct err *e)
{
    size_t n = 0, room = c->n_plains + c->n_incidents;
    struct told_plain *all = arena_array(a, room, sizeof *all);
    *out = (struct decision){.incidents = arena_array(a, room, sizeof *out->incidents)};
    out->notice.items = arena_array(a, room, sizeof *out->notice.items);
    if (!all || !out->incidents || !out->notice.items)
        return err_set(e, ERR_MEMORY, "no memory to decide about %.*s", SV_ARG(c->domain));
    for (size_t i = 0; i < c->n_plains; i++)
        if (!rule_is_off(c->config, c->entry, c->plains[i].rule))
            n += becomes(c, &c->plains[i], &all[n]);
    n += end_others(c, all + n);
    if (n > 1)
        qsort(all, n, sizeof *all, by_urgency);
    tell(c, all, n, out);
    return true;
}

/* The end of what nobody could be told of is no news. */
static bool is_heard(const struct decision *d)
{
    for (size_t i = 0; i < d->notice.n_items; i++) {
        if (!news_is_end(d->notice.items[i].news))
            return true;
        for (size_t k = 0; k < d->n_incidents; k++)
            if (d->incidents[k].n_told > 0 &&
                memcmp(d->incidents[k].id, d->notice.items[i].incident, INCIDENT_ID) == 0)
                return true;
    }
    return false;
}

void alert_channels_but(const struct config *c, const struct decision *d, const bool *broken, bool *chosen)
{
    bool any = false;
    if (!is_heard(d))
        return;
    alert_channels(c, d, chosen);
    for (size_t i = 0; i < c->n_channels; i++) {
        chosen[i] = chosen[i] && !broken[i];
        any = any || chosen[i];
    }
    for (size_t i = 0; i < c->n_channels && !any; i++)
        chosen[i] = !broken[i] && !channel_is_of_tenant(c, i);
}
