/* Incidents that are not about mail of sources: the published policy, and reports that stopped. */
#include "story.h"

#include "base/attr.h"
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
},
  ends[RULE_END] = {
      [RULE_policy_weakened] = {MSG_title_policy_mended, MSG_subject_policy_mended, MSG_summary_policy_mended,
                                MSG_means_over},
      [RULE_no_reports] = {MSG_title_reports_back, MSG_subject_reports_back, MSG_summary_reports_back,
                           MSG_means_over},
};

static const struct words *words_of(const struct notice_item *item)
{
    return item->news == NEWS_over ? &ends[item->rule] : &begins[item->rule];
}

/* 1 domain, 2 policy before, 3 policy now, 4 days of mail, 5 usual gap, 6 the name of the DMARC record */
static sv say(struct story *s, const struct notice_item *item, enum text_id id)
{
    text_day_range(&s->words, s->style->lang, item->first_day, item->last_day);
    sv days = story_take(s), record = arena_printf(s->memory, "_dmarc.%.*s", SV_ARG(item->domain));
    return SAY(s, id, text_ours(item->domain), text_ours(item->before), text_ours(item->after),
               text_markup(days), text_count(item->usual_gap), text_code(record));
}

sv standing_title(struct story *s, const struct notice_item *item)
{
    return say(s, item, words_of(item)->title);
}

sv standing_subject(struct story *s, const struct notice_item *item)
{
    return say(s, item, words_of(item)->subject);
}

sv standing_summary(struct story *s, const struct notice_item *item)
{
    return say(s, item, words_of(item)->summary);
}

sv standing_meaning(struct story *s, const struct notice_item *item)
{
    bool gone = item->rule == RULE_policy_weakened && item->news != NEWS_over && item->p == POLICY_NONE;
    return say(s, item, gone ? MSG_means_policy_gone : words_of(item)->meaning);
}

void standing_steps(struct story *s, const struct notice_item *item, struct story_item *out)
{
    static const enum text_id weakened[] = {MSG_do_policy_look, MSG_do_policy_restore, MSG_do_policy_meant};
    static const enum text_id changed[] = {MSG_do_policy_look};
    static const enum text_id silent[] = {MSG_do_reports_rua, MSG_do_reports_mail, MSG_do_reports_gone};
    static const enum text_id nothing[] = {MSG_do_nothing};
    static const struct {
        const enum text_id *ids;
        size_t n;
    } steps[RULE_END] = {[RULE_policy_weakened] = {weakened, COUNT_OF(weakened)},
                         [RULE_policy_changed] = {changed, COUNT_OF(changed)},
                         [RULE_no_reports] = {silent, COUNT_OF(silent)}};
    bool over = item->news == NEWS_over;
    size_t n = over ? COUNT_OF(nothing) : steps[item->rule].n;
    for (size_t i = 0; i < n; i++)
        out->steps[out->n_steps++] = say(s, item, over ? nothing[i] : steps[item->rule].ids[i]);
}
