/* The two rounds: what is new above the mark, then the gaps of earlier runs. */
#include "imap_proto.h"

#include <stdio.h>
#include <stdlib.h>

/* A mail announced as larger than this many times limits.mail_size is not asked for. Exchange announces up
 * to three times too much, so that a smaller excess proves nothing. */
enum { ANNOUNCED_TOO_MUCH = 4 };

static void go_on(struct imap_proto *p);

static void give_up(struct imap_proto *p, struct imap_entry *entry, enum reject why)
{
    entry->state = ENTRY_DONE;
    p->progress++;
    p->config.handler->gap(p->config.handler->ctx, p->config.source, entry->uid, why);
    if (++p->given_up >= p->config.limits->mailbox_gaps)
        imap_fail(p, ERR_UNREACHABLE, false,
                  "the server lists %u mails that could not be had, which is the limit (mailbox_gaps)",
                  (unsigned)p->given_up);
}

static bool is_gap(const struct imap_proto *p, uint32_t uid)
{
    size_t low = 0, high = p->n_gaps;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->gaps[middle].uid == uid)
            return true;
        if (p->gaps[middle].uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_asked(const struct imap_entry *e)
{
    return e && (e->state == ENTRY_ASKED || e->state == ENTRY_ASKED_ALONE);
}

/* Listing. */

static void start_list(struct imap_proto *p)
{
    imap_list_clear(&p->list);
    p->next_at = p->done_at = 0;
    p->phase = PHASE_LISTING;
}

/* Of the closed list. */
static void start_bodies(struct imap_proto *p)
{
    p->next_at = p->done_at = 0;
    p->phase = PHASE_BODIES;
}

static void list_ends(struct imap_proto *p)
{
    imap_list_close(&p->list);
    if (!imap_known_begin(p))
        start_bodies(p);
    if (p->list.left_out && p->list.n == 0)
        imap_fail(p, ERR_UNREACHABLE, false,
                  "the server lists its mails in no order, and too many (mailbox_list)");
}

static void list_new(struct imap_proto *p)
{
    char from[24];
    (void)snprintf(from, sizeof from, "%u:*", (unsigned)p->floor + 1);
    start_list(p);
    imap_command(p, (struct imap_command){.kind = COMMAND_LIST}, "UID FETCH ", sv_c(from),
                 p->only_recent ? " (UID RFC822.SIZE INTERNALDATE)" : " (UID RFC822.SIZE)");
}

/* By the listing and not by SEARCH SINCE, whose answer is one line of any length, knows days only, and does
 * not tell how far the mark may go. A mail without a date that can be read is taken. */
static bool is_too_old(struct imap_proto *p, const struct imap_fetch *f)
{
    if (!p->only_recent || !f->has_date || f->internaldate >= p->config.since)
        return false;
    if (f->uid > p->passed_over)
        p->passed_over = f->uid;
    p->progress++;
    return true;
}

/* Asks for as many sizes of old gaps as a command takes. */
static void list_gaps(struct imap_proto *p)
{
    struct imap_set set = {.out = &p->set};
    struct imap_command c = {.kind = COMMAND_LIST, .from = p->next_at};
    buf_reset(&p->set);
    while (p->next_at < p->list.n && p->set.n + 2 * IMAP_SET_STEP + 64 < p->set.max)
        imap_set_add(&set, p->list.entries[p->next_at++].uid);
    imap_set_end(&set);
    c.to = p->next_at;
    imap_command(p, c, "UID FETCH ", buf_view(&p->set), " (UID RFC822.SIZE)");
}

static void begin_gap_round(struct imap_proto *p)
{
    p->gap_round = true;
    p->first_pass = false;
    start_list(p);
    for (size_t i = 0; i < p->n_gaps; i++)
        if (p->gaps[i].ask && !imap_list_add(&p->list, p->gaps[i].uid, 0, ENTRY_UNKNOWN))
            imap_fail(p, ERR_MEMORY, true, "out of memory");
    if (p->list.n)
        list_gaps(p);
    else
        start_bodies(p);
}

/* What was not listed is no longer there. */
static void gaps_listed(struct imap_proto *p, const struct imap_command *c)
{
    for (size_t i = c->from; i < c->to; i++) {
        struct imap_entry *entry = &p->list.entries[i];
        if (entry->state != ENTRY_UNKNOWN)
            continue;
        entry->state = ENTRY_DONE;
        p->config.handler->gone(p->config.handler->ctx, p->config.source, entry->uid);
    }
    if (p->next_at < p->list.n)
        list_gaps(p);
    else
        start_bodies(p);
}

/* "n:*" also gives the last mail when its UID is below n (RFC 9051 6.4.9). */
static void take_listed(struct imap_proto *p, const struct imap_fetch *f)
{
    struct imap_entry *entry = p->gap_round ? imap_list_find(&p->list, f->uid) : NULL;
    if (entry) {
        entry->state = ENTRY_LISTED;
        entry->size = f->size;
    } else if (!p->gap_round && f->uid > p->floor && !is_gap(p, f->uid) && !is_too_old(p, f)) {
        size_t before = p->list.n;
        if (!imap_list_add(&p->list, f->uid, f->size, ENTRY_LISTED))
            imap_fail(p, ERR_MEMORY, true, "out of memory");
        /* A list that repeats itself, or is longer than we hold, does not get more time by that. */
        p->progress += p->list.n > before && !p->list.unsorted;
    }
}

/* Bodies. */

static void ask(struct imap_proto *p, size_t from, size_t to)
{
    struct imap_command c = {.kind = COMMAND_BODIES, .from = from, .to = to};
    imap_command(p, c, "UID FETCH ", buf_view(&p->set), " (UID INTERNALDATE BODY.PEEK[])");
}

static bool ask_missed(struct imap_proto *p)
{
    for (size_t i = p->done_at; i < p->next_at; i++) {
        if (p->list.entries[i].state != ENTRY_MISSED)
            continue;
        p->list.entries[i].state = ENTRY_ASKED_ALONE;
        buf_reset(&p->set);
        buf_printf(&p->set, "%u", (unsigned)p->list.entries[i].uid);
        ask(p, i, i + 1);
        return true;
    }
    return false;
}

static bool is_listed_for_us(struct imap_proto *p, struct imap_entry *entry)
{
    if (entry->state != ENTRY_LISTED || (p->first_pass && !entry->first))
        return false;
    if (entry->size / ANNOUNCED_TOO_MUCH <= p->config.limits->mail_size)
        return true;
    give_up(p, entry, REJECT_mail_too_large);
    return false;
}

static bool ask_batch(struct imap_proto *p)
{
    const struct limits *limits = p->config.limits;
    struct imap_set set = {.out = &p->set};
    uint64_t most = p->gap_round ? 1 : limits->imap_batch_uids;
    uint64_t mails = 0, octets = 0;
    size_t from = p->next_at;
    buf_reset(&p->set);
    for (; p->next_at < p->list.n && mails < most && p->phase == PHASE_BODIES; p->next_at++) {
        struct imap_entry *entry = &p->list.entries[p->next_at];
        if (!is_listed_for_us(p, entry))
            continue;
        if (mails && (octets + entry->size > limits->imap_batch_size ||
                      p->set.n + 2 * IMAP_SET_STEP + 64 > p->set.max))
            break;
        imap_set_add(&set, entry->uid);
        entry->state = p->gap_round ? ENTRY_ASKED_ALONE : ENTRY_ASKED;
        octets += entry->size;
        mails++;
    }
    imap_set_end(&set);
    if (mails == 0 || p->phase != PHASE_BODIES)
        return false;
    ask(p, from, p->next_at);
    return true;
}

static void move_floor(struct imap_proto *p)
{
    for (; p->done_at < p->next_at && p->list.entries[p->done_at].state == ENTRY_DONE; p->done_at++)
        if (!p->gap_round)
            p->floor = p->list.entries[p->done_at].uid;
}

static void end_round(struct imap_proto *p)
{
    if (!p->gap_round && p->list.left_out && p->floor < UINT32_MAX) {
        list_new(p);
    } else if (!p->gap_round) {
        if (p->passed_over > p->floor)
            p->floor = p->passed_over;
        begin_gap_round(p);
    } else if (p->config.settles) {
        p->phase = PHASE_WAITING;
        p->config.handler->fetched(p->config.handler->ctx, p->config.source);
    } else {
        imap_leave(p);
    }
}

/* Only now, as a command's entries lie between others', which must not be its too. */
static void end_first_pass(struct imap_proto *p)
{
    p->first_pass = false;
    p->next_at = p->done_at;
}

/* Fills the free flights; when there is nothing to ask for and nothing in flight, the round is over. */
static void go_on(struct imap_proto *p)
{
    while (p->phase == PHASE_BODIES) {
        move_floor(p);
        bool sent = p->n_flights < p->config.limits->imap_in_flight && p->n_flights < IMAP_FLIGHTS &&
                    (ask_missed(p) || ask_batch(p));
        if (sent)
            continue;
        move_floor(p);
        if (p->n_flights || p->phase != PHASE_BODIES)
            return;
        if (p->first_pass)
            end_first_pass(p);
        else
            end_round(p);
    }
}

static void bodies_answered(struct imap_proto *p, const struct imap_command *c)
{
    for (size_t i = c->from; i < c->to && p->phase == PHASE_BODIES; i++) {
        struct imap_entry *entry = &p->list.entries[i];
        if (entry->state == ENTRY_ASKED)
            entry->state = ENTRY_MISSED;
        else if (entry->state == ENTRY_ASKED_ALONE)
            give_up(p, entry, REJECT_unfetchable);
    }
}

static void hand_over(struct imap_proto *p, struct imap_entry *entry)
{
    const struct imap_fetch *f = &p->reader.fetch;
    struct raw_mail mail = {
        .source = p->config.source,
        .uidvalidity = p->box.uidvalidity,
        .uid = f->uid,
        .internaldate = f->has_date ? f->internaldate : p->config.now,
        .bytes = p->body.p,
        .n = p->body.n,
    };
    buf_init(&p->body, 0);
    entry->state = ENTRY_DONE;
    p->progress++;
    move_floor(p);
    p->config.handler->mail(p->config.handler->ctx, mail);
}

/* iCloud hands over empty bodies at times; a mail that was announced with a size is not empty. */
static void take_body(struct imap_proto *p, struct imap_entry *entry)
{
    if (p->too_large)
        give_up(p, entry, REJECT_mail_too_large);
    else if (p->kept && p->body.failed)
        imap_fail(p, ERR_MEMORY, true, "out of memory for a mail of %llu octets",
                  (unsigned long long)p->reader.body_size);
    else if (p->kept && (p->body.n || entry->size == 0))
        hand_over(p, entry);
}

void imap_rounds_begin(struct imap_proto *p)
{
    bool nothing_new =
        p->box.exists == 0 || p->floor == UINT32_MAX || (p->box.uidnext && p->box.uidnext - 1 <= p->floor);
    if (nothing_new)
        begin_gap_round(p);
    else
        list_new(p);
    go_on(p);
}

void imap_rounds_go_on(struct imap_proto *p)
{
    go_on(p);
}

void imap_rounds_body(struct imap_proto *p)
{
    uint32_t uid = p->reader.fetch.uid;
    bool wanted = p->phase == PHASE_BODIES && (uid == 0 || is_asked(imap_list_find(&p->list, uid)));
    p->too_large = wanted && p->reader.body_size > p->config.limits->mail_size;
    p->kept = wanted && !p->too_large;
    if (!p->kept)
        return;
    buf_free(&p->body); /* a second one in the same answer takes the place of the first */
    buf_init(&p->body, (size_t)p->reader.body_size);
    imap_reader_keep(&p->reader, &p->body);
}

void imap_rounds_fetch(struct imap_proto *p)
{
    const struct imap_fetch *f = &p->reader.fetch;
    if (!f->damaged && f->uid && p->phase == PHASE_LISTING) {
        take_listed(p, f);
    } else if (!f->damaged && f->uid && p->phase == PHASE_BODIES) {
        struct imap_entry *entry = imap_list_find(&p->list, f->uid);
        if (is_asked(entry))
            take_body(p, entry);
    }
    buf_free(&p->body);
    p->kept = p->too_large = false;
}

void imap_rounds_answer(struct imap_proto *p, const struct imap_command *c, const struct imap_answer *a)
{
    bool refused = a->status != IMAP_OK;
    if (refused && (c->kind == COMMAND_LIST || (c->kind == COMMAND_BODIES && imap_answer_transient(a)))) {
        imap_refused(
            p, c->kind == COMMAND_LIST ? "the mails cannot be listed" : "the mails cannot be fetched", a);
        return;
    }
    if (c->kind == COMMAND_BODIES)
        bodies_answered(p, c);
    else if (p->gap_round)
        gaps_listed(p, c);
    else if (c->kind == COMMAND_LIST)
        list_ends(p);
    else if (imap_known_answer(p, a))
        start_bodies(p);
    go_on(p);
}
