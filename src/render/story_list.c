/* Many domains: those of one incident, and lists of what is not told one by one. */
#include "story.h"

sv story_about(struct story *s, const struct notice_item *item)
{
    return item->all_lines ? SAY(s, MSG_many_domains, text_count(item->all_lines))
                           : SAY(s, MSG_word, text_ours(item->domain));
}

sv list_lines(struct story *s, const struct notice_item *item, enum severity severity)
{
    buf list;
    /* Those that are not there are no more severe than the last one that is. */
    bool is_last =
        severity == SEVERITY_END || item->n_lines == 0 || item->lines[item->n_lines - 1].severity == severity;
    uint64_t left_out = is_last ? item->all_lines - item->n_lines : 0;
    buf_init(&list, STORY_SENTENCE_MAX);
    for (size_t i = 0; i < item->n_lines; i++) {
        const struct notice_line *line = &item->lines[i];
        if (severity != SEVERITY_END && line->severity != severity)
            continue;
        if (list.n > s->list_max) {
            left_out++;
            continue;
        }
        buf_puts(&list, list.n ? ", " : "");
        buf_sv(&list, SAY(s, MSG_listed, text_ours(line->name), text_count(line->n)));
    }
    if (left_out > 0 && list.n > 0)
        buf_sv(&list, SAY(s, MSG_and_more, text_count(left_out)));
    sv out = arena_sv(s->memory, buf_view(&list));
    s->words.failed = s->words.failed || list.failed;
    buf_free(&list);
    return out;
}

void rest_item(struct story *s, const struct notice_item *item, struct story_item *out)
{
    static const enum text_id words[] = {MSG_severity_info, MSG_severity_warning, MSG_severity_critical};
    out->title = SAY(s, MSG_title_rest_list, text_count(item->all_lines));
    out->summary = story_word(s, MSG_summary_rest_list);
    out->meaning = SV("");
    for (unsigned severity = SEVERITY_END; severity-- > 0;) {
        sv lines = list_lines(s, item, (enum severity)severity);
        if (lines.n > 0)
            out->facts[out->n_facts++] = (struct story_fact){story_word(s, words[severity]), lines};
    }
    out->steps[out->n_steps++] = SAY(s, MSG_do_rest_list, text_code(SV("dmarcwarn alerts list")));
    out->footer = SV("");
}

sv rest_subject(struct story *s, const struct notice_item *item)
{
    return SAY(s, MSG_subject_rest_list, text_count(item->all_lines));
}
