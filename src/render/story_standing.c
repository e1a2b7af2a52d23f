/* Incidents that are not about mail of sources: the published policy, reports that stopped, the figures of a
 * domain as a whole, what TLS and failure reports say. */
#include "story.h"

#include "base/attr.h"
#include "model/rule.h"
#include "text/format.h"

static const struct words {
    enum text_id title, subject, summary, meaning;
} begins[RULE_END] =
    {
        [RULE_policy_weakened] = {MSG_title_policy, MSG_subject_policy, MSG_summary_policy,
                                  MSG_means_policy_weakened},
        [RULE_policy_changed] = {MSG_title_policy, MSG_subject_policy, MSG_summary_policy,
                                 MSG_means_policy_changed},
        [RULE_no_reports] = {MSG_title_no_reports, MSG_subject_no_reports, MSG_summary_no_reports,
                             MSG_means_no_reports},
        [RULE_sender_leg_lost] = {MSG_title_leg_lost, MSG_subject_leg_lost, MSG_summary_leg_lost,
                                  MSG_means_leg_lost},
        [RULE_spoofed_under_none] = {MSG_title_spoofed, MSG_subject_spoofed, MSG_summary_spoofed,
                                     MSG_means_spoofed},
        [RULE_new_source_passing] = {MSG_title_new_source, MSG_subject_new_source, MSG_summary_new,
                                     MSG_means_new_source},
        [RULE_new_dkim_selector] = {MSG_title_new_selector, MSG_subject_new_selector, MSG_summary_new,
                                    MSG_means_new_selector},
        [RULE_volume_spike] = {MSG_title_volume, MSG_subject_volume, MSG_summary_volume, MSG_means_volume},
        [RULE_pass_rate_drop] = {MSG_title_rate, MSG_subject_rate, MSG_summary_rate, MSG_means_rate},
        [RULE_new_subdomain] = {MSG_title_new_name, MSG_subject_new_name, MSG_summary_new_name,
                                MSG_means_new_name},
        [RULE_policy_not_applied] = {MSG_title_not_applied, MSG_subject_not_applied, MSG_summary_not_applied,
                                     MSG_means_not_applied},
        [RULE_reporter_silent] = {MSG_title_reporter_silent, MSG_subject_reporter_silent,
                                  MSG_summary_reporter_silent, MSG_means_reporter_silent},
        [RULE_report_untrusted] = {MSG_title_untrusted, MSG_subject_untrusted, MSG_summary_untrusted,
                                   MSG_means_untrusted},
        [RULE_tls_failure] = {MSG_title_tls, MSG_subject_tls, MSG_summary_tls, MSG_means_tls},
        [RULE_tls_policy_changed] = {MSG_title_tls_policy, MSG_subject_tls_policy, MSG_summary_tls_policy,
                                     MSG_means_policy_changed},
        [RULE_failure_report] = {MSG_title_failure, MSG_subject_failure, MSG_summary_failure,
                                 MSG_means_failure},
},
  ends[RULE_END] = {
      [RULE_policy_weakened] = {MSG_title_policy_mended, MSG_subject_policy_mended, MSG_summary_policy_mended,
                                MSG_means_over},
      [RULE_no_reports] = {MSG_title_reports_back, MSG_subject_reports_back, MSG_summary_reports_back,
                           MSG_means_over},
      [RULE_tls_failure] = {MSG_title_tls_over, MSG_subject_tls_over, MSG_summary_tls_over, MSG_means_over},
};

/* The same rules, of our own senders, or of many names. */
static const struct words own_volume = {MSG_title_volume_own, MSG_subject_volume, MSG_summary_volume,
                                        MSG_means_volume_own};
static const struct words many_tls = {MSG_title_tls_many, MSG_subject_tls_many, MSG_summary_tls,
                                      MSG_means_tls};
static const struct words many_tls_over = {MSG_title_tls_well, MSG_subject_tls_well, MSG_summary_tls_over,
                                           MSG_means_over};
static const struct words many_failures = {MSG_title_failure_many, MSG_subject_failure_many,
                                           MSG_summary_failure, MSG_means_failure};
static const struct words many_names = {MSG_title_new_names, MSG_subject_new_names, MSG_summary_new_name,
                                        MSG_means_new_name};

static const struct words many_spoofed = {MSG_title_spoofed_many, MSG_subject_spoofed, MSG_summary_spoofed,
                                          MSG_means_spoofed};

static bool is_own_volume(const struct notice_item *item)
{
    return item->rule == RULE_volume_spike && sv_eq(item->subject, SV("own senders"));
}

/* Its words are about figures. */
static bool has_figures(const struct notice_item *item)
{
    enum rule_about about = rule_about(item->rule);
    return about == ABOUT_DOMAIN || (about == ABOUT_OTHERS && item->rule != RULE_tls_policy_changed);
}

/* A share in 1/100 percent, or a number. */
static struct text_arg figure(struct story *s, const struct notice_item *item, uint64_t n)
{
    enum { ALL = 10000 };
    static const bool is_share[RULE_END] = {
        [RULE_sender_leg_lost] = true, [RULE_pass_rate_drop] = true, [RULE_reporter_silent] = true};
    if (!is_share[item->rule])
        return text_count(n);
    text_percent(&s->words, n, ALL);
    sv plain = story_take(s);
    s->style->ours(&s->words, plain); /* "<0.1%" */
    return text_markup(story_take(s));
}

/* Names of the configuration and of networks are ours, the others are strangers' words. */
static struct text_arg subject_arg(const struct notice_item *item)
{
    switch (rule_standard(item->rule)->subject) {
    case SUBJECT_sender:
    case SUBJECT_network:
    case SUBJECT_domain:
        return text_ours(item->subject);
    case SUBJECT_selector:
    case SUBJECT_name:
    case SUBJECT_reporter:
    case SUBJECT_object:
    case SUBJECT_END:
        break;
    }
    return text_foreign(item->subject);
}

static struct text_arg words_arg(const struct notice_item *item)
{
    if (item->rule == RULE_tls_failure)
        return text_foreign(item->after);
    return item->rule == RULE_failure_report ? text_foreign(item->before) : text_ours(item->before);
}

/* 1 domain, 2 subject, 3 messages that count, 4 all, 5 days, 6 fates, 7 and 8 figures, 9 leg, or what a
 * report says */
static sv say_domain(struct story *s, const struct notice_item *item, enum text_id id, bool *explained)
{
    sv fates = story_fates(s, item, explained);
    text_day_range(&s->words, s->style->lang, item->first_day, item->last_day);
    sv days = story_take(s);
    struct text_arg much = figure(s, item, item->much), usual = figure(s, item, item->usual);
    struct text_arg domain = item->all_lines ? text_markup(story_about(s, item)) : text_ours(item->domain);
    return SAY(s, id, domain, subject_arg(item), text_count(item->counts.failed),
               text_count(item->counts.total), text_markup(days), text_markup(fates), much, usual,
               words_arg(item));
}

/* 1 domain, 2 policy before, 3 policy now, 4 days of mail, 5 usual gap, 6 the name of the DMARC record */
static sv say(struct story *s, const struct notice_item *item, enum text_id id)
{
    if (has_figures(item))
        return say_domain(s, item, id, NULL);
    text_day_range(&s->words, s->style->lang, item->first_day, item->last_day);
    bool tls = item->rule == RULE_tls_policy_changed; /* whose policies are in a reporter's words */
    sv days = story_take(s);
    sv record = arena_printf(s->memory, "%s.%.*s", tls ? "_mta-sts" : "_dmarc", SV_ARG(item->domain));
    return SAY(s, id, text_ours(item->domain), tls ? text_foreign(item->before) : text_ours(item->before),
               tls ? text_foreign(item->after) : text_ours(item->after), text_markup(days),
               text_count(item->usual_gap), text_code(record));
}

static const struct words *words_of(const struct notice_item *item)
{
    if (is_own_volume(item))
        return &own_volume;
    if (item->rule == RULE_tls_failure && sv_eq(item->subject, SV("*")))
        return item->news == NEWS_over ? &many_tls_over : &many_tls;
    if (item->rule == RULE_failure_report && sv_eq(item->subject, SV("*")))
        return &many_failures;
    if (item->rule == RULE_spoofed_under_none && item->all_lines)
        return &many_spoofed;
    if (item->rule == RULE_new_subdomain && item->much > 1)
        return &many_names;
    return item->news == NEWS_over ? &ends[item->rule] : &begins[item->rule];
}

sv standing_title(struct story *s, const struct notice_item *item)
{
    if (rule_about(item->rule) == ABOUT_AGENT)
        return agent_title(s, item);
    return say(s, item, words_of(item)->title);
}

sv standing_subject(struct story *s, const struct notice_item *item)
{
    if (rule_about(item->rule) == ABOUT_AGENT)
        return agent_subject(s, item);
    return say(s, item, words_of(item)->subject);
}

static enum text_id summary_of(const struct notice_item *item)
{
    bool passed = item->rule == RULE_new_subdomain && item->counts.failed == 0;
    if (item->rule == RULE_tls_failure && item->news != NEWS_over && item->all_reporters > 1)
        return MSG_summary_tls_told; /* a list of them follows */
    return passed ? MSG_summary_new_name_passed : words_of(item)->summary;
}

sv standing_summary(struct story *s, const struct notice_item *item)
{
    if (rule_about(item->rule) == ABOUT_AGENT)
        return agent_summary(s, item);
    if (has_figures(item))
        return say_domain(s, item, summary_of(item), &s->explained);
    return say(s, item, words_of(item)->summary);
}

/* By the mode of the policy. */
static enum text_id tls_meaning(const struct notice_item *item)
{
    return sv_eq(item->before, SV("enforce"))   ? MSG_means_tls_enforce
           : sv_eq(item->before, SV("testing")) ? MSG_means_tls_testing
                                                : MSG_means_tls;
}

/* By what failed first of all. */
static enum text_id tls_step(const struct notice_item *item)
{
    static const struct {
        sv begin;
        enum text_id id;
    } steps[] = {{SV_INIT("certificate"), MSG_do_tls_certificate},
                 {SV_INIT("sts-"), MSG_do_tls_sts},
                 {SV_INIT("tlsa-"), MSG_do_tls_dane},
                 {SV_INIT("dane-"), MSG_do_tls_dane},
                 {SV_INIT("dnssec-"), MSG_do_tls_dane},
                 {SV_INIT("starttls"), MSG_do_tls_starttls}};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (sv_starts(item->subject, steps[i].begin))
            return steps[i].id;
    return MSG_do_tls_other;
}

sv standing_meaning(struct story *s, const struct notice_item *item)
{
    if (rule_about(item->rule) == ABOUT_AGENT)
        return agent_meaning(s, item);
    if (item->rule == RULE_tls_failure && item->news != NEWS_over)
        return say(s, item, tls_meaning(item));
    bool gone = item->rule == RULE_policy_weakened && item->news != NEWS_over && item->p == POLICY_NONE;
    return say(s, item, gone ? MSG_means_policy_gone : words_of(item)->meaning);
}

/* The policy in force for names below the domain. */
static bool is_stopped(const struct notice_item *item)
{
    return !item->testing && (item->sp >= POLICY_NONE ? item->sp : item->p) == POLICY_REJECT;
}

void standing_steps(struct story *s, const struct notice_item *item, struct story_item *out)
{
    static const enum text_id weakened[] = {MSG_do_policy_look, MSG_do_policy_restore, MSG_do_policy_meant};
    static const enum text_id changed[] = {MSG_do_policy_look};
    static const enum text_id silent[] = {MSG_do_reports_rua, MSG_do_reports_mail, MSG_do_reports_gone};
    static const enum text_id leg[] = {MSG_do_leg_look};
    static const enum text_id spoofed[] = {MSG_do_spoofed_senders, MSG_do_spoofed_policy};
    static const enum text_id source[] = {MSG_do_new_list, MSG_do_new_close};
    static const enum text_id selector[] = {MSG_do_selector_list, MSG_do_selector_delete};
    static const enum text_id volume[] = {MSG_do_volume};
    static const enum text_id rate[] = {MSG_do_rate_look, MSG_do_rate_dns};
    static const enum text_id name[] = {MSG_do_name_yours, MSG_do_name_not},
                              stopped[] = {MSG_do_name_yours, MSG_do_name_stopped};
    static const enum text_id not_applied[] = {MSG_do_not_applied};
    static const enum text_id reporter[] = {MSG_do_reporter_silent};
    static const enum text_id untrusted[] = {MSG_do_untrusted};
    static const enum text_id tls_policy[] = {MSG_do_tls_policy};
    static const enum text_id failure[] = {MSG_do_failure_ours, MSG_do_failure_other};
    static const enum text_id nothing[] = {MSG_do_nothing};
    static const struct {
        const enum text_id *ids;
        size_t n;
    } steps[RULE_END] = {[RULE_policy_weakened] = {weakened, COUNT_OF(weakened)},
                         [RULE_policy_changed] = {changed, COUNT_OF(changed)},
                         [RULE_no_reports] = {silent, COUNT_OF(silent)},
                         [RULE_sender_leg_lost] = {leg, COUNT_OF(leg)},
                         [RULE_spoofed_under_none] = {spoofed, COUNT_OF(spoofed)},
                         [RULE_new_source_passing] = {source, COUNT_OF(source)},
                         [RULE_new_dkim_selector] = {selector, COUNT_OF(selector)},
                         [RULE_volume_spike] = {volume, COUNT_OF(volume)},
                         [RULE_pass_rate_drop] = {rate, COUNT_OF(rate)},
                         [RULE_new_subdomain] = {name, COUNT_OF(name)},
                         [RULE_policy_not_applied] = {not_applied, COUNT_OF(not_applied)},
                         [RULE_reporter_silent] = {reporter, COUNT_OF(reporter)},
                         [RULE_report_untrusted] = {untrusted, COUNT_OF(untrusted)},
                         [RULE_tls_policy_changed] = {tls_policy, COUNT_OF(tls_policy)},
                         [RULE_failure_report] = {failure, COUNT_OF(failure)}};
    if (rule_about(item->rule) == ABOUT_AGENT) {
        agent_steps(s, item, out);
        return;
    }
    if (item->rule == RULE_new_subdomain && is_stopped(item)) {
        for (size_t i = 0; i < COUNT_OF(stopped); i++)
            out->steps[out->n_steps++] = say(s, item, stopped[i]);
        return;
    }
    if (is_own_volume(item)) {
        out->steps[out->n_steps++] = say(s, item, MSG_do_volume_own);
        return;
    }
    bool over = item->news == NEWS_over;
    if (item->rule == RULE_tls_failure && !over) {
        out->steps[out->n_steps++] = say(s, item, tls_step(item));
        return;
    }
    size_t n = over ? COUNT_OF(nothing) : steps[item->rule].n;
    for (size_t i = 0; i < n; i++)
        out->steps[out->n_steps++] = say(s, item, over ? nothing[i] : steps[item->rule].ids[i]);
}
