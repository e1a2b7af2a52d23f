/* The digest: the week of the agent, and of each domain whether its policy can become stricter. */
#include "story.h"

/* Of our mail so little may fail that a stricter policy costs next to nothing: one in 200. */
enum { READY_ONE_IN = 200, READY_DAYS = 7 };

/* One network that nobody lists and that sends so much of all mail, one in 20, may be a tool that somebody
 * forgot. What a domain sends is summed up over a month, what a network sends over a week. */
enum { MUCH_ONE_IN = 20, MONTH_DAYS = 30, WEEK_DAYS = 7 };

/* The policy after the one that is published; of the strictest itself. */
static sv next_policy(const struct notice_item *item)
{
    return item->p == POLICY_QUARANTINE || item->p == POLICY_REJECT ? SV("p=reject") : SV("p=quarantine");
}

static bool is_safe(const struct notice_state *st)
{
    return st->ours_failed <= st->ours / READY_ONE_IN;
}

/* Or NULL. The network with the most messages is the first. */
static const struct notice_line *much_unlisted(const struct notice_item *item)
{
    for (size_t i = 0; i < item->n_lines; i++) {
        const struct notice_line *line = &item->lines[i];
        if (line->kind == LINE_source)
            return line->n / WEEK_DAYS >= item->counts.total / MONTH_DAYS / MUCH_ONE_IN &&
                           line->n >= MUCH_ONE_IN
                       ? line
                       : NULL;
    }
    return NULL;
}

static sv policy_now(const struct notice_item *item)
{
    return item->p == POLICY_REJECT       ? SV("p=reject")
           : item->p == POLICY_QUARANTINE ? SV("p=quarantine")
           : item->p == POLICY_NONE       ? SV("p=none")
                                          : SV("-");
}

static sv domain_title(struct story *s, const struct notice_item *item)
{
    const struct notice_state *st = &item->state_of;
    enum text_id id = item->p == POLICY_REJECT ? MSG_digest_enforced
                      : st->days < READY_DAYS  ? MSG_digest_unclear
                      : is_safe(st)            ? MSG_digest_ready
                                               : MSG_digest_not_ready;
    const struct notice_line *unlisted = id == MSG_digest_ready ? much_unlisted(item) : NULL;
    if (unlisted)
        return SAY(s, MSG_digest_ready_unless, text_ours(item->domain), text_ours(next_policy(item)),
                   text_ours(unlisted->name), text_count(unlisted->n));
    return SAY(s, id, text_ours(item->domain), text_ours(next_policy(item)));
}

static sv domain_summary(struct story *s, const struct notice_item *item)
{
    const struct notice_state *st = &item->state_of;
    return st->ours ? SAY(s, MSG_digest_ours, text_count(st->ours_failed), text_count(st->ours),
                          text_count(st->days))
                    : SAY(s, MSG_digest_no_mail, text_count(st->days));
}

static sv domain_meaning(struct story *s, const struct notice_item *item)
{
    const struct notice_state *st = &item->state_of;
    uint64_t failed = item->counts.failed,
             others = failed - (st->ours_failed < failed ? st->ours_failed : failed);
    struct text_arg next = text_ours(next_policy(item));
    bool enforced = item->p == POLICY_REJECT;
    const struct notice_line *unlisted = much_unlisted(item);
    if (!enforced && st->days >= READY_DAYS && is_safe(st) && unlisted)
        TEXT_SAY(&s->words, s->style, MSG_digest_safe_unless, next, text_ours(unlisted->name));
    else if (enforced && !is_safe(st))
        TEXT_SAY(&s->words, s->style, MSG_digest_being_lost, next);
    else if (!enforced && st->days >= READY_DAYS)
        TEXT_SAY(&s->words, s->style, is_safe(st) ? MSG_digest_safe : MSG_digest_lost, next);
    if (others > 0) {
        buf_puts(&s->words, s->words.n ? text_between(s->style->lang) : "");
        TEXT_SAY(&s->words, s->style, MSG_digest_others, text_count(others), text_count(item->counts.total));
    }
    return story_take(s);
}

/* Strangers name what some incidents are about; the rest is the configuration's, or a number. */
static struct text_arg subject_arg(const struct notice_item *item, const struct notice_line *line)
{
    enum rule_id rule;
    bool ours = sv_eq(line->name, item->domain) ||
                (rule_from_name(line->detail, &rule) && rule_about(rule) == ABOUT_SOURCES);
    return ours ? text_ours(line->name) : text_foreign(line->name);
}

static sv line_text(struct story *s, const struct notice_item *item, const struct notice_line *line)
{
    switch (line->kind) {
    case LINE_failing:
    case LINE_source:
        return SAY(s, MSG_listed, text_ours(line->name), text_count(line->n));
    case LINE_going_on:
    case LINE_info:
        return SAY(s, MSG_digest_named, text_ours(line->detail), subject_arg(item, line));
    case LINE_sender:
    case LINE_selector:
    case LINE_END:
        break;
    }
    return SAY(s, MSG_word, text_ours(line->name));
}

/* All lines of a kind; what is beyond the room is counted. */
static sv lines_text(struct story *s, const struct notice_item *item, enum line_kind kind)
{
    buf list;
    uint64_t left_out = 0;
    buf_init(&list, STORY_SENTENCE_MAX);
    for (size_t i = 0; i < item->n_lines; i++) {
        if (item->lines[i].kind != kind)
            continue;
        if (list.n > s->list_max) {
            left_out++;
            continue;
        }
        buf_puts(&list, list.n ? ", " : "");
        buf_sv(&list, line_text(s, item, &item->lines[i]));
    }
    if (left_out > 0)
        buf_sv(&list, SAY(s, MSG_and_more, text_count(left_out)));
    sv out = list.n ? arena_sv(s->memory, buf_view(&list)) : SV_ABSENT;
    s->words.failed = s->words.failed || list.failed;
    buf_free(&list);
    return out;
}

static void domain_item(struct story *s, const struct notice_item *item, struct story_item *out)
{
    static const enum text_id labels[LINE_END] = {[LINE_failing] = MSG_label_failing,
                                                  [LINE_going_on] = MSG_label_going_on,
                                                  [LINE_info] = MSG_label_info,
                                                  [LINE_source] = MSG_label_strangers,
                                                  [LINE_sender] = MSG_label_unused_senders,
                                                  [LINE_selector] = MSG_label_unused_keys};
    out->title = domain_title(s, item);
    out->summary = domain_summary(s, item);
    out->footer = SAY(s, MSG_digest_policy, text_ours(policy_now(item)));
    if (s->length != LENGTH_FULL)
        return;
    out->meaning = domain_meaning(s, item);
    for (unsigned kind = 0; kind < LINE_END; kind++) {
        sv lines = lines_text(s, item, (enum line_kind)kind);
        if (lines.n > 0)
            out->facts[out->n_facts++] = (struct story_fact){story_word(s, labels[kind]), lines};
    }
}

static sv week_in_short(struct story *s, const struct notice_item *week)
{
    return week->state_of.firing ? SAY(s, MSG_digest_goes_on, text_count(week->state_of.firing))
                                 : story_word(s, MSG_digest_all_well);
}

static void week_item(struct story *s, const struct notice_item *item, struct story_item *out)
{
    const struct notice_state *st = &item->state_of;
    out->title = SAY(s, MSG_digest_title, text_markup(week_in_short(s, item)));
    out->summary = st->reports ? SAY(s, MSG_digest_alive, text_count(st->reports), text_count(st->domains),
                                     text_count(st->told))
                               : story_word(s, MSG_digest_silent_week);
    out->footer = story_word(s, MSG_digest_footer);
}

void digest_item(struct story *s, const struct notice_item *item, struct story_item *out)
{
    (item->kind == ITEM_list ? week_item : domain_item)(s, item, out);
}

sv digest_subject(struct story *s, const struct notice *n)
{
    return SAY(s, MSG_digest_subject, text_markup(week_in_short(s, &n->items[0])));
}
