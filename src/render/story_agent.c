/* Incidents of the agent itself: a part of it that does not work, what mails tell it. */
#include "base/attr.h"
#include "model/rule.h"
#include "story.h"
#include "text/format.h"

enum { AGENT_STEPS = 3 };

/* Of rules about the agent: what is said when it begins or goes on, and when it is over. */
static const struct words {
    enum text_id title, subject, summary, meaning;
    enum text_id steps[AGENT_STEPS];
    size_t n_steps;
    enum text_id title_over, subject_over;
} words[RULE_END] = {
    [RULE_agent_mailbox] = {MSG_title_mailbox,
                            MSG_subject_mailbox,
                            MSG_summary_mailbox,
                            MSG_means_mailbox,
                            {MSG_do_mailbox, MSG_do_check_online},
                            2,
                            MSG_title_mailbox_over,
                            MSG_subject_mailbox_over},
    [RULE_agent_channel] = {MSG_title_channel,
                            MSG_subject_channel,
                            MSG_summary_channel,
                            MSG_means_channel,
                            {MSG_do_channel, MSG_do_outbox},
                            2,
                            MSG_title_channel_over,
                            MSG_subject_channel_over},
    [RULE_agent_disk] = {MSG_title_disk,
                         MSG_subject_disk,
                         MSG_summary_disk,
                         MSG_means_disk,
                         {MSG_do_disk},
                         1,
                         MSG_title_disk_over,
                         MSG_subject_disk_over},
    [RULE_agent_db] = {.title = MSG_title_db,
                       .subject = MSG_subject_db,
                       .summary = MSG_summary_db,
                       .meaning = MSG_means_db,
                       .steps = {MSG_do_db_disk, MSG_do_db_import, MSG_do_db_silences},
                       .n_steps = 3},
    [RULE_agent_clock] = {MSG_title_clock,
                          MSG_subject_clock,
                          MSG_summary_clock_back,
                          MSG_means_clock,
                          {MSG_do_clock},
                          1,
                          MSG_title_clock_over,
                          MSG_subject_clock_over},
    [RULE_agent_config] = {MSG_title_config,
                           MSG_subject_config,
                           MSG_summary_config,
                           MSG_means_config,
                           {MSG_do_check},
                           1,
                           MSG_title_config_over,
                           MSG_subject_config_over},
    [RULE_report_unusable] = {.title = MSG_title_unusable,
                              .subject = MSG_subject_unusable,
                              .summary = MSG_summary_unusable,
                              .meaning = MSG_means_unusable,
                              .steps = {MSG_do_unusable_list, MSG_do_unusable_retry},
                              .n_steps = 2},
    [RULE_unexpected_domain] = {.title = MSG_title_unexpected,
                                .subject = MSG_subject_unexpected,
                                .summary = MSG_summary_unexpected,
                                .meaning = MSG_means_unexpected,
                                .steps = {MSG_do_unexpected_add, MSG_do_unexpected_not},
                                .n_steps = 2},
};

static const struct {
    enum text_id title, subject;
} many[RULE_END] = {[RULE_report_unusable] = {MSG_title_unusable_many, MSG_subject_unusable_many},
                    [RULE_unexpected_domain] = {MSG_title_unexpected_many, MSG_subject_unexpected_many}};

/* 1 mailbox, channel or file, or a stranger's name, 2 error or another file, 3 and 4 figures, 5 the day on
 * which it began, 6 what to type */
static sv say(struct story *s, const struct notice_item *item, enum text_id id)
{
    static const struct {
        enum text_id id;
        const char *text;
    } commands[] = {{MSG_do_check_online, "dmarcwarn check-config --online"},
                    {MSG_do_channel, "dmarcwarn test-alert"},
                    {MSG_do_disk, "state.path"},
                    {MSG_do_outbox, "dmarcwarn outbox list"},
                    {MSG_do_db_import, "dmarcwarn import"},
                    {MSG_do_db_silences, "dmarcwarn silence add"},
                    {MSG_do_check, "dmarcwarn check-config"},
                    {MSG_do_unusable_list, "dmarcwarn quarantine list"},
                    {MSG_do_unusable_retry, "dmarcwarn quarantine retry"},
                    {MSG_do_unexpected_add, "domains"},
                    {MSG_do_unexpected_not, "\"*\": {monitor: false}"}};
    sv command = SV("");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (commands[i].id == id)
            command = sv_c(commands[i].text);
    text_day_range(&s->words, s->style->lang, item->first_day, item->first_day);
    sv day = story_take(s);
    struct text_arg subject =
        rule_is_own_word(item->rule) ? text_ours(item->subject) : text_foreign(item->subject);
    /* An error quotes strangers; where the database is kept does not. */
    struct text_arg detail =
        item->rule == RULE_agent_db ? text_ours(item->before) : text_foreign(item->before);
    return SAY(s, id, subject, detail, text_count(item->much), text_count(item->usual), text_markup(day),
               text_code(command));
}

static bool is_over(const struct notice_item *item)
{
    return news_is_end(item->news);
}

static bool is_many(const struct notice_item *item)
{
    return !rule_is_own_word(item->rule) && sv_eq(item->subject, SV("*"));
}

sv agent_title(struct story *s, const struct notice_item *item)
{
    if (is_many(item))
        return say(s, item, many[item->rule].title);
    return say(s, item, is_over(item) ? words[item->rule].title_over : words[item->rule].title);
}

sv agent_subject(struct story *s, const struct notice_item *item)
{
    if (is_many(item))
        return say(s, item, many[item->rule].subject);
    return say(s, item, is_over(item) ? words[item->rule].subject_over : words[item->rule].subject);
}

sv agent_summary(struct story *s, const struct notice_item *item)
{
    if (is_over(item))
        return say(s, item, MSG_summary_agent_over);
    bool by_reporters = item->rule == RULE_agent_clock && item->usual > 0;
    return say(s, item, by_reporters ? MSG_summary_clock_behind : words[item->rule].summary);
}

sv agent_meaning(struct story *s, const struct notice_item *item)
{
    return is_over(item) ? story_word(s, MSG_means_over) : say(s, item, words[item->rule].meaning);
}

void agent_steps(struct story *s, const struct notice_item *item, struct story_item *out)
{
    if (is_over(item))
        out->steps[out->n_steps++] = story_word(s, MSG_do_nothing);
    for (size_t i = 0; !is_over(item) && i < words[item->rule].n_steps; i++)
        out->steps[out->n_steps++] = say(s, item, words[item->rule].steps[i]);
}
