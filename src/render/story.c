#include "story.h"

#include "base/attr.h"
#include "base/sha256.h"
#include "model/domain.h"
#include "text/format.h"

void story_open(struct story *s, const struct text_style *style, arena *memory, size_t list_max,
                const struct render_context *c)
{
    *s = (struct story){.style = style,
                        .memory = memory,
                        .list_max = list_max,
                        .length = c->length,
                        .now = c->now,
                        .zone = c->zone,
                        .ahead = c->ahead};
    buf_init(&s->words, STORY_SENTENCE_MAX);
}

bool story_close(struct story *s)
{
    bool ok = !s->words.failed && !s->memory->failed;
    buf_free(&s->words);
    return ok;
}

sv story_take(struct story *s)
{
    sv out = arena_sv(s->memory, buf_view(&s->words));
    bool failed = s->words.failed;
    buf_reset(&s->words);
    s->words.failed = failed;
    return out;
}

sv story_say_args(struct story *s, enum text_id id, const struct text_arg *args, size_t n)
{
    text_say(&s->words, s->style, id, args, n);
    return story_take(s);
}

sv story_word(struct story *s, enum text_id id)
{
    return story_say_args(s, id, NULL, 0);
}

sv story_moment(struct story *s, int64_t unix_seconds)
{
    text_moment(&s->words, s->style->lang, unix_seconds, s->zone, s->ahead);
    return story_take(s);
}

struct text_arg story_domain(sv domain, bool ours)
{
    return ours && domain_is_plain(domain) ? text_ours(domain) : text_foreign(domain);
}

static bool is_rest(const struct notice_item *item)
{
    return sv_eq(item->subject, SV("*"));
}

bool story_names_sender(enum rule_id rule)
{
    static const bool names[RULE_END] = {[RULE_known_sender_failing] = true,
                                         [RULE_foreign_passing] = true,
                                         [RULE_foreign_growing] = true,
                                         [RULE_sender_expired] = true};
    return names[rule];
}

/* Rules about mail of ours, of which the worst is its loss. */
static bool is_ours(const struct notice_item *item)
{
    return item->rule == RULE_known_sender_failing || item->rule == RULE_unlisted_own_server ||
           item->rule == RULE_pass_rate_drop || item->rule == RULE_sender_leg_lost;
}

/* What each rule says. */
static const struct {
    enum text_id title, subject, summary;
    enum text_id meaning[FATE_END];
} rule_words[RULE_END] = {
    [RULE_known_sender_failing] = {MSG_title_known,
                                   MSG_subject_known,
                                   MSG_summary_known,
                                   {[FATE_let_through] = MSG_means_known_let_through,
                                    [FATE_quarantined] = MSG_means_known_quarantined,
                                    [FATE_rejected] = MSG_means_known_rejected}},
    [RULE_unknown_source] = {MSG_title_stopped,
                             MSG_subject_unknown,
                             MSG_summary_unknown,
                             {[FATE_let_through] = MSG_means_unknown_let_through,
                              [FATE_quarantined] = MSG_means_unknown_quarantined,
                              [FATE_rejected] = MSG_means_unknown_rejected}},
    [RULE_unlisted_own_server] = {MSG_title_unlisted,
                                  MSG_subject_unlisted,
                                  MSG_summary_unknown,
                                  {[FATE_let_through] = MSG_means_unlisted_let_through,
                                   [FATE_quarantined] = MSG_means_unlisted_quarantined,
                                   [FATE_rejected] = MSG_means_unlisted_rejected}},
    [RULE_foreign_passing] = {MSG_title_foreign_passing,
                              MSG_subject_foreign_passing,
                              MSG_summary_passed,
                              {MSG_means_foreign_passing, MSG_means_foreign_passing,
                               MSG_means_foreign_passing}},
    [RULE_foreign_growing] = {MSG_title_foreign_growing,
                              MSG_subject_foreign_growing,
                              MSG_summary_unknown,
                              {MSG_means_foreign_growing, MSG_means_foreign_growing,
                               MSG_means_foreign_growing}},
    [RULE_sender_expired] = {MSG_title_expired,
                             MSG_subject_expired,
                             MSG_summary_sent,
                             {MSG_means_expired, MSG_means_expired, MSG_means_expired}},
    [RULE_domain_parked_sending] = {MSG_title_parked,
                                    MSG_subject_parked,
                                    MSG_summary_passed,
                                    {MSG_means_parked, MSG_means_parked, MSG_means_parked}},
};

/* Of our mail the worst is its loss, of a stranger's that it gets through. */
static const enum fate ours_worst_first[] = {FATE_rejected, FATE_quarantined, FATE_let_through};
static const enum fate theirs_worst_first[] = {FATE_let_through, FATE_quarantined, FATE_rejected};

static const enum fate *worst_first(const struct notice_item *item)
{
    return is_ours(item) ? ours_worst_first : theirs_worst_first;
}

enum fate story_fate(const struct notice_item *item)
{
    const enum fate *fates = worst_first(item);
    for (size_t i = 0; i < FATE_END; i++) {
        if (item->counts.by_fate[fates[i]] > 0)
            return fates[i];
    }
    return FATE_let_through;
}

/* *explained: whether it has been said what let through means, for mail that failed; NULL: it is not to be
 * said here. */
sv story_fates(struct story *s, const struct notice_item *item, bool *explained)
{
    static const enum text_id words[] = {[FATE_let_through] = MSG_fate_let_through,
                                         [FATE_quarantined] = MSG_fate_quarantined,
                                         [FATE_rejected] = MSG_fate_rejected};
    const enum fate *fates = worst_first(item);
    bool first = true;
    for (size_t i = 0; i < FATE_END; i++) {
        uint64_t n = item->counts.by_fate[fates[i]];
        if (n == 0)
            continue;
        if (!first)
            text_say(&s->words, s->style, MSG_apart, NULL, 0);
        first = false;
        bool explain =
            explained && !*explained && fates[i] == FATE_let_through && rule_counts_failures(item->rule);
        TEXT_SAY(&s->words, s->style, explain ? MSG_fate_let_through_explained : words[fates[i]],
                 text_count(n));
        if (explain)
            *explained = true;
    }
    return story_take(s);
}

static sv severity_word(struct story *s, enum severity severity, enum news news)
{
    static const enum text_id words[] = {[SEVERITY_info] = MSG_severity_info,
                                         [SEVERITY_warning] = MSG_severity_warning,
                                         [SEVERITY_critical] = MSG_severity_critical};
    return story_word(s, news_is_end(news) ? MSG_severity_resolved : words[severity]);
}

static sv title_of(struct story *s, const struct notice_item *item)
{
    enum text_id id = rule_words[item->rule].title;
    if (rule_about(item->rule) != ABOUT_SOURCES)
        return standing_title(s, item);
    if (news_is_end(item->news))
        return ending_title(s, item);
    if (item->rule == RULE_unknown_source && is_rest(item))
        id = MSG_title_rest;
    else if (item->rule == RULE_unknown_source && item->counts.by_fate[FATE_let_through])
        id = MSG_title_let_through;
    return SAY(s, id, text_ours(item->subject), text_markup(story_about(s, item)));
}

static sv days_of(struct story *s, const struct notice_item *item)
{
    text_day_range(&s->words, s->style->lang, item->first_day, item->last_day);
    return story_take(s);
}

static sv summary_of(struct story *s, const struct notice_item *item)
{
    if (rule_about(item->rule) != ABOUT_SOURCES)
        return standing_summary(s, item);
    if (news_is_end(item->news))
        return ending_summary(s, item);
    sv days = days_of(s, item), fates = story_fates(s, item, &s->explained);
    if (item->rule != RULE_known_sender_failing)
        return SAY(s, rule_words[item->rule].summary, text_count(item->counts.failed), text_markup(days),
                   text_markup(fates));
    text_percent(&s->words, item->counts.failed, item->counts.total);
    sv share = story_take(s);
    buf_reset(&s->words);
    s->style->ours(&s->words, share); /* "<0.1%" */
    share = story_take(s);
    return SAY(s, MSG_summary_known, text_count(item->counts.failed), text_count(item->counts.total),
               text_markup(share), text_markup(days), text_markup(fates));
}

static sv news_of(struct story *s, const struct notice_item *item)
{
    switch (item->news) {
    case NEWS_again:
        return SAY(s, MSG_news_again, text_count(item->episode));
    case NEWS_worse:
        return story_word(s, MSG_news_worse);
    case NEWS_fate:
        return story_word(s, is_ours(item) ? MSG_news_fate_known : MSG_news_fate_unknown);
    case NEWS_tenfold:
        return SAY(s, MSG_news_tenfold, text_count(item->since_told));
    case NEWS_repeat:
        if (rule_about(item->rule) == ABOUT_SOURCES)
            return SAY(s, MSG_news_repeat, text_count(item->since_told));
        return story_word(s, rule_about(item->rule) == ABOUT_AGENT ? MSG_news_repeat_agent
                                                                   : MSG_news_repeat_standing);
    case NEWS_none:
    case NEWS_first:
    case NEWS_over:
    case NEWS_explained:
    case NEWS_END:
        break;
    }
    return SV_ABSENT;
}

static void put_policy_meaning(struct story *s, const struct notice_item *item)
{
    sv p = word_text(POLICY_LIST, (struct word){item->p, SV("")});
    if (item->p < POLICY_NONE || story_fate(item) != FATE_let_through || item->rule != RULE_unknown_source)
        return;
    enum text_id id = item->p == POLICY_NONE ? MSG_means_policy_none
                      : item->testing        ? MSG_means_policy_testing
                                             : MSG_means_policy_ignored;
    buf_puts(&s->words, text_between(s->style->lang));
    TEXT_SAY(&s->words, s->style, id, text_ours(p));
}

static sv meaning_of(struct story *s, const struct notice_item *item)
{
    if (rule_about(item->rule) != ABOUT_SOURCES)
        return standing_meaning(s, item);
    if (news_is_end(item->news))
        return ending_meaning(s, item);
    text_say(&s->words, s->style, rule_words[item->rule].meaning[story_fate(item)], NULL, 0);
    put_policy_meaning(s, item);
    return story_take(s);
}

static sv hex_id(const uint8_t id[INCIDENT_ID], char out[INCIDENT_ID_TEXT])
{
    hex_of(id, INCIDENT_ID, out);
    return sv_c(out);
}

const char *story_rule(const struct notice_item *item)
{
    static const char *const names[ITEM_END] = {
        [ITEM_domain] = "digest", [ITEM_list] = "digest", [ITEM_rest] = "rest"};
    return item->kind == ITEM_incident ? rule_name(item->rule) : names[item->kind];
}

void story_item(struct story *s, const struct notice_item *item, struct story_item *out)
{
    char id[INCIDENT_ID_TEXT];
    *out = (struct story_item){0};
    out->severity = severity_word(s, item->severity, item->news);
    if (item->kind == ITEM_rest) {
        rest_item(s, item, out);
        return;
    }
    if (item->kind != ITEM_incident) {
        digest_item(s, item, out);
        return;
    }
    out->title = title_of(s, item);
    out->summary = summary_of(s, item);
    out->news = news_of(s, item);
    if (s->length == LENGTH_FULL) {
        out->meaning = meaning_of(s, item);
        story_facts(s, item, out);
        story_steps(s, item, out);
    }
    out->footer = SAY(s, MSG_footer_item, text_code(sv_c(rule_name(item->rule))),
                      text_ours(hex_id(item->incident, id)), text_count(item->episode));
}

/* What happened, and to how many: "own is failing DMARC, 16 rejected". */
static sv subject_of(struct story *s, const struct notice_item *item)
{
    enum text_id id = rule_words[item->rule].subject;
    if (item->kind == ITEM_rest)
        return rest_subject(s, item);
    if (rule_about(item->rule) != ABOUT_SOURCES)
        return standing_subject(s, item);
    if (news_is_end(item->news))
        return ending_subject(s, item);
    if (item->rule == RULE_unknown_source && is_rest(item))
        id = MSG_subject_rest;
    sv what = SAY(s, id, text_ours(item->subject)), fates = story_fates(s, item, NULL);
    return SAY(s, MSG_subject_what, text_markup(what), text_markup(fates));
}

/* Of the items, with those left out as if each were of another one. */
static size_t count_domains(const struct notice *n)
{
    size_t count = n->more;
    for (size_t i = 0; i < n->n_items; i++) {
        bool first = true;
        for (size_t k = 0; first && k < i; k++)
            first = !sv_eq(n->items[k].domain, n->items[i].domain);
        count += n->items[i].all_lines ? n->items[i].all_lines : first;
    }
    return count;
}

static bool is_of_agent(const struct notice *n)
{
    return rule_about(n->items[0].rule) == ABOUT_AGENT;
}

/* A notice about many domains has none of its own. */
static sv subject_domain(struct story *s, const struct notice *n)
{
    if (is_of_agent(n))
        return story_word(s, MSG_agent_itself);
    if (n->kind == NOTICE_first) /* how many it leaves out is known of incidents alone */
        return story_word(s, MSG_first_state);
    return n->domain.n ? SAY(s, MSG_word, text_ours(n->domain))
                       : SAY(s, MSG_many_domains, text_count(count_domains(n)));
}

sv story_subject(struct story *s, const struct notice *n)
{
    bool digest = n->kind == NOTICE_digest;
    sv what = digest ? digest_subject(s, n) : subject_of(s, &n->items[0]);
    sv domain =
        digest ? SAY(s, MSG_many_domains, text_count(n->items[0].state_of.domains)) : subject_domain(s, n);
    sv severity = severity_word(s, n->severity, n->items[0].news);
    if (n->test)
        severity = SAY(s, MSG_subject_test, text_markup(severity));
    TEXT_SAY(&s->words, s->style, MSG_subject_line, text_markup(severity), text_markup(domain),
             text_markup(what));
    if (!digest && (n->domain.n || is_of_agent(n) || n->kind == NOTICE_first) && n->n_items + n->more > 1)
        TEXT_SAY(&s->words, s->style, MSG_subject_more, text_count(n->n_items + n->more - 1));
    return story_take(s);
}

/* Where reports are absent there is nothing to verify. */
static bool needs_trust(const struct notice_item *item)
{
    return item->kind == ITEM_incident && !item->verified && rule_about(item->rule) != ABOUT_REPORTS;
}

/* What no verified report says; absent: nothing. Of many domains in one incident that may be some. */
static sv not_verified(struct story *s, const struct notice *n)
{
    const struct notice_item *some = NULL;
    for (size_t i = 0; i < n->n_items; i++) {
        if (!needs_trust(&n->items[i]))
            continue;
        if (n->items[i].verified_lines == 0)
            return story_word(s, MSG_not_verified);
        some = &n->items[i];
    }
    return some ? SAY(s, MSG_partly_verified, text_count(some->all_lines - some->verified_lines),
                      text_count(some->all_lines))
                : SV_ABSENT;
}

size_t story_footers(struct story *s, const struct notice *n, size_t left_out, bool repeat_possible,
                     sv out[STORY_FOOTERS])
{
    char id[INCIDENT_ID_TEXT];
    size_t count = 0;
    if (n->test)
        out[count++] = SAY(s, MSG_footer_test, text_code(SV("dmarcwarn test-alert")));
    if (n->kind == NOTICE_imported)
        out[count++] = story_word(s, MSG_footer_imported);
    if (n->kind == NOTICE_first)
        out[count++] = story_word(s, MSG_footer_first);
    if (left_out > 0)
        out[count++] =
            SAY(s, n->kind == NOTICE_digest ? MSG_digest_more : MSG_more_incidents, text_count(left_out));
    if (n->known > 0)
        out[count++] = SAY(s, MSG_known_incidents, text_count(n->known), text_ours(n->domain));
    sv unverified = not_verified(s, n);
    if (unverified.n)
        out[count++] = unverified;
    if (repeat_possible)
        out[count++] = story_word(s, MSG_repeat_possible);
    if (n->title.n)
        out[count++] = SAY(s, MSG_footer_tenant, text_ours(n->title));
    sv created = story_moment(s, n->created);
    out[count++] = SAY(s, MSG_footer_notice, text_ours(hex_id(n->id, id)), text_markup(created));
    return count;
}

sv story_footer_text(struct story *s, const struct notice *n, size_t left_out, bool repeat_possible)
{
    sv lines[STORY_FOOTERS];
    size_t count = story_footers(s, n, left_out, repeat_possible, lines);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_char(&s->words, '\n');
        buf_sv(&s->words, lines[i]);
    }
    return story_take(s);
}
