/* The end of an incident about mail of sources: what people mended, and what the configuration explains. */
#include "story.h"

#include "text/format.h"

static const struct words {
    enum text_id title, subject, summary;
} words[RULE_END] = {
    [RULE_known_sender_failing] = {MSG_title_known_over, MSG_subject_known_over, MSG_summary_known_over},
    [RULE_unlisted_own_server] = {MSG_title_unlisted_over, MSG_subject_source_over, MSG_summary_source_over},
    [RULE_foreign_passing] = {MSG_title_foreign_over, MSG_subject_source_over, MSG_summary_source_over},
    [RULE_sender_expired] = {MSG_title_expired_over, MSG_subject_source_over, MSG_summary_source_over},
    [RULE_domain_parked_sending] = {MSG_title_parked_over, MSG_subject_source_over, MSG_summary_source_over},
};

static const struct words *words_of(const struct notice_item *item)
{
    static const struct words explained = {MSG_title_explained, MSG_subject_explained, MSG_summary_explained};
    static const struct words removed = {MSG_title_removed, MSG_subject_removed, MSG_summary_explained};
    if (item->news == NEWS_explained)
        return item->after.n ? &explained : &removed;
    return &words[item->rule];
}

static sv say(struct story *s, const struct notice_item *item, enum text_id id)
{
    text_day_range(&s->words, s->style->lang, item->first_day, item->last_day);
    sv days = story_take(s);
    return SAY(s, id, text_ours(item->subject), text_markup(story_about(s, item)),
               text_count(item->counts.failed), text_markup(days), text_ours(item->after));
}

sv ending_title(struct story *s, const struct notice_item *item)
{
    return say(s, item, words_of(item)->title);
}

sv ending_subject(struct story *s, const struct notice_item *item)
{
    return say(s, item, words_of(item)->subject);
}

sv ending_summary(struct story *s, const struct notice_item *item)
{
    return say(s, item, words_of(item)->summary);
}

sv ending_meaning(struct story *s, const struct notice_item *item)
{
    if (item->news == NEWS_explained)
        return say(s, item, item->after.n ? MSG_means_explained : MSG_means_removed);
    return say(s, item, MSG_means_over);
}

void ending_steps(struct story *s, const struct notice_item *item, struct story_item *out)
{
    out->steps[out->n_steps++] = say(s, item, MSG_do_nothing);
}
