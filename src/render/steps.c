/* What to do next: two or three steps that differ by rule, leg and fate. */
#include "model/domain.h"
#include "story.h"
#include "text/format.h"

static void add(struct story_item *out, sv step)
{
    if (out->n_steps < STORY_STEPS)
        out->steps[out->n_steps++] = step;
}

static sv days_of(struct story *s, const struct notice_item *item)
{
    text_day_range(&s->words, s->style->lang, item->first_day, item->last_day);
    return story_take(s);
}

/* The DNS name of the key whose signature broke, when it is one below a name of ours. */
static sv key_record(struct story *s, const struct notice_item *item)
{
    const struct notice_dkim *d = story_dkim(item, LEG_BROKEN);
    if (!d || !domain_is_plain(d->selector) || !domain_is_plain(d->domain))
        return SV_ABSENT;
    return arena_printf(s->memory, "%.*s._domainkey.%.*s", SV_ARG(d->selector), SV_ARG(d->domain));
}

static sv dkim_step(struct story *s, const struct notice_item *item)
{
    struct text_arg domain = text_ours(item->domain), sender = text_ours(item->subject);
    sv record = key_record(s, item);
    switch (story_leg(item->dkim)) {
    case LEG_BROKEN:
        return record.n > 0 ? SAY(s, MSG_do_dkim_broken_named, text_code(record), sender)
                            : SAY(s, MSG_do_dkim_broken, domain, sender);
    case LEG_TEMPORARY:
        return SAY(s, MSG_do_dkim_temporary, domain);
    case LEG_UNALIGNED:
        return SAY(s, MSG_do_dkim_unaligned, domain, sender);
    case LEG_PASSED:
    case LEG_ABSENT:
    case LEG_END:
        break;
    }
    return SAY(s, MSG_do_dkim_absent, domain, sender);
}

static sv spf_step(struct story *s, const struct notice_item *item)
{
    struct text_arg domain = text_ours(item->domain), sender = text_ours(item->subject);
    enum leg leg = story_leg(item->spf);
    const struct notice_spf *p = story_spf(item, leg);
    struct text_arg record = p ? story_domain(p->domain, p->ours) : domain;
    switch (leg) {
    case LEG_BROKEN:
        return SAY(s, MSG_do_spf_broken, record);
    case LEG_TEMPORARY:
        return SAY(s, MSG_do_spf_temporary, record);
    case LEG_UNALIGNED:
        return SAY(s, MSG_do_spf_unaligned, domain, sender);
    case LEG_PASSED:
    case LEG_ABSENT:
    case LEG_END:
        break;
    }
    return SAY(s, MSG_do_spf_absent, domain, sender);
}

static void known_steps(struct story *s, const struct notice_item *item, struct story_item *out)
{
    static const enum text_id by_fate[] = {[FATE_let_through] = MSG_do_known_let_through,
                                           [FATE_quarantined] = MSG_do_known_quarantined,
                                           [FATE_rejected] = MSG_do_known_rejected};
    bool spf_first = story_cause(item) == CAUSE_SPF;
    if (item->owner.n > 0)
        add(out, SAY(s, MSG_do_ask_owner, text_ours(item->owner), text_ours(item->subject),
                     text_markup(days_of(s, item))));
    add(out, spf_first ? spf_step(s, item) : dkim_step(s, item));
    if (item->owner.n == 0)
        add(out, spf_first ? dkim_step(s, item) : spf_step(s, item));
    add(out, story_word(s, by_fate[story_fate(item)]));
}

static enum text_id let_through_step(const struct notice_item *item)
{
    if (item->p < POLICY_NONE)
        return MSG_do_unknown_unpublished;
    if (item->p == POLICY_NONE)
        return MSG_do_unknown_none;
    return item->testing ? MSG_do_unknown_testing : MSG_do_unknown_ignored;
}

static enum text_id unknown_step(const struct notice_item *item)
{
    enum fate fate = story_fate(item);
    if (fate == FATE_let_through)
        return let_through_step(item);
    return fate == FATE_quarantined && item->p == POLICY_QUARANTINE ? MSG_do_unknown_quarantined
                                                                    : MSG_do_unknown_nothing;
}

static void unknown_steps(struct story *s, const struct notice_item *item, struct story_item *out)
{
    add(out, SAY(s, MSG_do_unknown_list, text_ours(item->domain), text_code(SV("dmarcwarn run"))));
    add(out, SAY(s, unknown_step(item), text_ours(item->domain)));
    add(out, SAY(s, MSG_do_parse, text_code(SV("dmarcwarn parse"))));
}

static void two_steps(struct story *s, const struct notice_item *item, struct story_item *out,
                      enum text_id one, enum text_id two)
{
    add(out, SAY(s, one, text_ours(item->domain)));
    add(out, SAY(s, two, text_ours(item->domain)));
}

void story_steps(struct story *s, const struct notice_item *item, struct story_item *out)
{
    if (news_is_end(item->news) && rule_about(item->rule) == ABOUT_SOURCES) {
        ending_steps(s, item, out);
        return;
    }
    switch (item->rule) {
    case RULE_known_sender_failing:
        known_steps(s, item, out);
        return;
    case RULE_unknown_source:
        unknown_steps(s, item, out);
        return;
    case RULE_unlisted_own_server:
        two_steps(s, item, out, MSG_do_unlisted_list, MSG_do_unlisted_stop);
        return;
    case RULE_foreign_passing:
        two_steps(s, item, out, MSG_do_foreign_close, MSG_do_foreign_ours);
        return;
    case RULE_foreign_growing:
        add(out, SAY(s, unknown_step(item), text_ours(item->domain)));
        add(out, SAY(s, MSG_do_parse, text_code(SV("dmarcwarn parse"))));
        return;
    case RULE_sender_expired:
        two_steps(s, item, out, MSG_do_expired_close, MSG_do_expired_renew);
        return;
    case RULE_domain_parked_sending:
        two_steps(s, item, out, MSG_do_parked_close, MSG_do_parked_open);
        return;
    case RULE_tls_policy_changed:
    case RULE_tls_failure:
    case RULE_failure_report:
    case RULE_report_unusable:
    case RULE_unexpected_domain:
    case RULE_agent_mailbox:
    case RULE_agent_channel:
    case RULE_agent_disk:
    case RULE_agent_db:
    case RULE_agent_clock:
    case RULE_agent_config:
    case RULE_sender_leg_lost:
    case RULE_spoofed_under_none:
    case RULE_new_source_passing:
    case RULE_new_dkim_selector:
    case RULE_volume_spike:
    case RULE_pass_rate_drop:
    case RULE_new_subdomain:
    case RULE_policy_not_applied:
    case RULE_reporter_silent:
    case RULE_report_untrusted:
    case RULE_policy_weakened:
    case RULE_policy_changed:
    case RULE_no_reports:
        standing_steps(s, item, out);
        return;
    case RULE_END:
        return;
    }
}
