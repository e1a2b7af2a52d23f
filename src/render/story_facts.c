/* Numbers, sources and evidence of one incident. */
#include "base/clock.h"
#include "model/domain.h"
#include "story.h"
#include "text/format.h"

static void add(struct story *s, struct story_item *out, enum text_id label, sv text)
{
    if (text.n > 0 && out->n_facts < STORY_FACTS)
        out->facts[out->n_facts++] = (struct story_fact){story_word(s, label), text};
}

enum cause story_cause(const struct notice_item *item)
{
    uint64_t d = item->dkim_passed, p = item->spf_passed;
    if (d == 0 && p == 0)
        return CAUSE_NONE;
    if (p < d / 10 || p == 0)
        return CAUSE_DKIM;
    return d < p / 10 || d == 0 ? CAUSE_SPF : CAUSE_BOTH;
}

enum leg story_leg(const uint64_t by_leg[LEG_END])
{
    enum leg most = LEG_PASSED;
    for (unsigned leg = LEG_PASSED + 1; leg < LEG_END; leg++) {
        if (by_leg[leg] > 0 && (most == LEG_PASSED || by_leg[leg] > by_leg[most]))
            most = (enum leg)leg;
    }
    return most;
}

/* Does a result show that state of its leg? */
static bool shows(enum leg leg, bool passed, bool temporary, bool ours)
{
    switch (leg) {
    case LEG_BROKEN:
        return ours && !passed && !temporary;
    case LEG_TEMPORARY:
        return ours && temporary;
    case LEG_UNALIGNED:
        return passed;
    case LEG_ABSENT:
        return !ours && !passed;
    case LEG_PASSED:
        return ours && passed;
    case LEG_END:
        break;
    }
    return false;
}

const struct notice_dkim *story_dkim(const struct notice_item *item, enum leg leg)
{
    for (size_t i = 0; i < item->n_dkims; i++) {
        const struct notice_dkim *d = &item->dkims[i];
        if (d->domain.n > 0 && shows(leg, d->result.v == DKIM_PASS, d->result.v == DKIM_TEMPERROR, d->ours))
            return d;
    }
    return NULL;
}

const struct notice_spf *story_spf(const struct notice_item *item, enum leg leg)
{
    for (size_t i = 0; i < item->n_spfs; i++) {
        const struct notice_spf *p = &item->spfs[i];
        if (p->domain.n > 0 && shows(leg, p->result.v == SPF_PASS, p->result.v == SPF_TEMPERROR, p->ours))
            return p;
    }
    return NULL;
}

static void add_cause(struct story *s, const struct notice_item *item, struct story_item *out)
{
    uint64_t d = item->dkim_passed, p = item->spf_passed;
    switch (item->rule == RULE_known_sender_failing ? story_cause(item) : CAUSE_NONE) {
    case CAUSE_DKIM:
        add(s, out, MSG_label_cause, SAY(s, MSG_cause_dkim, text_count(d)));
        return;
    case CAUSE_SPF:
        add(s, out, MSG_label_cause, SAY(s, MSG_cause_spf, text_count(p)));
        return;
    case CAUSE_BOTH:
        add(s, out, MSG_label_cause, SAY(s, MSG_cause_both, text_count(d), text_count(p)));
        return;
    case CAUSE_NONE:
        return;
    }
}

/* How old the evidence is when it is read. */
static sv ago_of(struct story *s, const struct notice_item *item)
{
    int64_t days = day_of(s->now + s->ahead) - day_of(item->reported + s->ahead);
    if (days <= 0)
        return story_word(s, MSG_ago_today);
    return days == 1 ? story_word(s, MSG_ago_yesterday) : SAY(s, MSG_ago_days, text_count((uint64_t)days));
}

static void add_when(struct story *s, const struct notice_item *item, struct story_item *out)
{
    text_day_range(&s->words, s->style->lang, item->first_day, item->last_day);
    sv days = story_take(s);
    sv reported = story_moment(s, item->reported);
    add(s, out, MSG_label_when,
        SAY(s, MSG_when, text_markup(days), text_markup(ago_of(s, item)), text_markup(reported)));
}

/* A list that is being written: entries that would make it too long are only counted. */
struct list {
    buf text;
    size_t n;
};

static void list_open(struct story *s, struct list *l)
{
    buf_init(&l->text, s->list_max + 64);
    l->n = 0;
}

/* Adds the entry that stands in the story's words, while all before it were added, too. */
static void list_add(struct story *s, struct list *l, size_t i)
{
    sv entry = story_take(s);
    if (l->n != i || l->text.n + entry.n + 2 > s->list_max)
        return;
    if (l->n > 0)
        text_say(&l->text, s->style, MSG_apart, NULL, 0);
    buf_sv(&l->text, entry);
    l->n++;
}

static sv list_close(struct story *s, struct list *l, size_t all)
{
    buf_sv(&s->words, buf_view(&l->text));
    if (l->n > 0 && all > l->n)
        TEXT_SAY(&s->words, s->style, MSG_and_more, text_count(all - l->n));
    buf_free(&l->text);
    return story_take(s);
}

static void add_reporters(struct story *s, const struct notice_item *item, struct story_item *out)
{
    struct list l;
    list_open(s, &l);
    for (size_t i = 0; i < item->n_reporters; i++) {
        const struct notice_reporter *r = &item->reporters[i];
        if (r->through.n)
            TEXT_SAY(&s->words, s->style, MSG_listed_through, text_foreign(r->name), text_foreign(r->through),
                     text_count(r->messages));
        else
            TEXT_SAY(&s->words, s->style, MSG_listed, text_foreign(r->name), text_count(r->messages));
        list_add(s, &l, i);
    }
    add(s, out, MSG_label_reporters, list_close(s, &l, item->all_reporters));
}

/* Who tells usually, and has not of the newest day. */
static void add_waiting(struct story *s, const struct notice_item *item, struct story_item *out)
{
    struct list l;
    if (item->n_waiting == 0)
        return;
    list_open(s, &l);
    for (size_t i = 0; i < item->n_waiting; i++) {
        TEXT_SAY(&s->words, s->style, MSG_word, text_foreign(item->waiting[i]));
        list_add(s, &l, i);
    }
    sv names = list_close(s, &l, item->all_waiting);
    text_day_range(&s->words, s->style->lang, item->last_day, item->last_day);
    sv day = story_take(s);
    add(s, out, MSG_label_waiting,
        SAY(s, MSG_waiting, text_markup(names), text_markup(day), text_count(item->all_waiting)));
}

static void add_sources(struct story *s, const struct notice_item *item, struct story_item *out)
{
    struct list l;
    list_open(s, &l);
    for (size_t i = 0; i < item->n_sources; i++) {
        char ip[IP_TEXT];
        TEXT_SAY(&s->words, s->style, MSG_listed, text_ours(sv_c(ip_text(&item->sources[i].ip, ip))),
                 text_count(item->sources[i].counts.failed));
        list_add(s, &l, i);
    }
    add(s, out, MSG_label_sources, list_close(s, &l, item->all_sources));
}

/* Names in From: that are not the policy domain itself. */
static void add_names(struct story *s, const struct notice_item *item, struct story_item *out)
{
    struct list l;
    bool others = item->n_header_froms > 1;
    list_open(s, &l);
    for (size_t i = 0; i < item->n_header_froms; i++) {
        const struct notice_name *n = &item->header_froms[i];
        others = others || !sv_eq(n->name, item->domain);
        bool ours = domain_is_related(n->name, item->domain);
        TEXT_SAY(&s->words, s->style, MSG_listed, story_domain(n->name, ours), text_count(n->messages));
        list_add(s, &l, i);
    }
    sv names = list_close(s, &l, item->all_header_froms);
    if (others)
        add(s, out, MSG_label_names, names);
}

/* domain: what the item is about, which may be many. */
static void say_dkim(struct story *s, const struct notice_item *item, enum leg leg, struct text_arg domain)
{
    const struct notice_dkim *d = story_dkim(item, leg);
    struct text_arg n = text_count(item->dkim[leg]);
    struct text_arg other = d ? story_domain(d->domain, d->ours) : domain;
    struct text_arg selector = text_foreign(d ? d->selector : SV_ABSENT);
    switch (leg) {
    case LEG_BROKEN:
        TEXT_SAY(&s->words, s->style, d && d->selector.n > 0 ? MSG_dkim_broken_named : MSG_dkim_broken, n,
                 other, selector);
        return;
    case LEG_TEMPORARY:
        TEXT_SAY(&s->words, s->style, MSG_dkim_temporary, n, domain);
        return;
    case LEG_UNALIGNED:
        TEXT_SAY(&s->words, s->style, d ? MSG_dkim_unaligned_named : MSG_dkim_unaligned, n, domain, other);
        return;
    case LEG_ABSENT:
        TEXT_SAY(&s->words, s->style, MSG_dkim_absent, n, domain);
        return;
    case LEG_PASSED:
        TEXT_SAY(&s->words, s->style, d && d->selector.n > 0 ? MSG_dkim_passed_named : MSG_dkim_passed, n,
                 other, selector);
        return;
    case LEG_END:
        return;
    }
}

static void say_spf(struct story *s, const struct notice_item *item, enum leg leg, struct text_arg domain)
{
    const struct notice_spf *p = story_spf(item, leg);
    struct text_arg n = text_count(item->spf[leg]);
    struct text_arg other = p ? story_domain(p->domain, p->ours) : domain;
    struct text_arg result = text_foreign(p ? word_text(SPF_LIST, p->result) : SV_ABSENT);
    switch (leg) {
    case LEG_BROKEN:
        TEXT_SAY(&s->words, s->style, p ? MSG_spf_broken_named : MSG_spf_broken, n, other, result);
        return;
    case LEG_TEMPORARY:
        TEXT_SAY(&s->words, s->style, MSG_spf_temporary, n, other);
        return;
    case LEG_UNALIGNED:
        TEXT_SAY(&s->words, s->style, p ? MSG_spf_unaligned_named : MSG_spf_unaligned, n, domain, other);
        return;
    case LEG_ABSENT:
        TEXT_SAY(&s->words, s->style, p && result.text.n > 0 ? MSG_spf_absent_named : MSG_spf_absent, n,
                 domain, other, result);
        return;
    case LEG_PASSED:
        TEXT_SAY(&s->words, s->style, MSG_spf_passed, n, other);
        return;
    case LEG_END:
        return;
    }
}

typedef void say_leg(struct story *s, const struct notice_item *item, enum leg leg, struct text_arg domain);

/* One sentence for each state that the leg was found in, the commonest first. */
static sv leg_text(struct story *s, const struct notice_item *item, const uint64_t by_leg[LEG_END],
                   say_leg *say)
{
    struct text_arg about = text_markup(story_about(s, item));
    uint64_t left[LEG_END];
    bool first = true;
    memcpy(left, by_leg, sizeof left);
    if (left[LEG_PASSED] > 0) {
        say(s, item, LEG_PASSED, about);
        first = false;
    }
    for (enum leg leg; (leg = story_leg(left)) != LEG_PASSED; left[leg] = 0) {
        if (!first)
            buf_puts(&s->words, text_between(s->style->lang));
        say(s, item, leg, about);
        first = false;
    }
    return story_take(s);
}

static void add_policy(struct story *s, const struct notice_item *item, struct story_item *out)
{
    if (item->p < POLICY_NONE)
        return;
    TEXT_SAY(&s->words, s->style, MSG_policy_p,
             text_ours(word_text(POLICY_LIST, (struct word){item->p, SV_ABSENT})));
    if (item->sp >= POLICY_NONE) {
        buf_char(&s->words, ' ');
        TEXT_SAY(&s->words, s->style, MSG_policy_sp,
                 text_ours(word_text(POLICY_LIST, (struct word){item->sp, SV_ABSENT})));
    }
    if (item->testing) {
        buf_puts(&s->words, ", ");
        text_say(&s->words, s->style, MSG_policy_testing, NULL, 0);
    }
    add(s, out, MSG_label_policy, story_take(s));
}

static sv own_words(struct story *s, sv text)
{
    s->style->ours(&s->words, text);
    return story_take(s);
}

void story_facts(struct story *s, const struct notice_item *item, struct story_item *out)
{
    add_cause(s, item, out);
    if (rule_about(item->rule) != ABOUT_REPORTS && item->reported)
        add_when(s, item, out);
    add_reporters(s, item, out);
    add_waiting(s, item, out);
    add_sources(s, item, out);
    if (item->all_lines > 0)
        add(s, out, MSG_label_domains, list_lines(s, item, SEVERITY_END));
    if (item->via.n > 0)
        add(s, out, MSG_label_via, SAY(s, MSG_via, text_ours(item->via)));
    add(s, out, MSG_label_dkim, leg_text(s, item, item->dkim, say_dkim));
    add(s, out, MSG_label_spf, leg_text(s, item, item->spf, say_spf));
    add_names(s, item, out);
    add_policy(s, item, out);
    if (item->unclear > 0)
        add(s, out, MSG_label_unclear, SAY(s, MSG_unclear, text_count(item->unclear)));
    add(s, out, MSG_label_owner, own_words(s, item->owner));
    add(s, out, MSG_label_docs, own_words(s, item->docs));
}
