/* Mailboxes to readers to T1, in one loop with one place that waits. */
#include "collect.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "mailbox_key.h"
#include "say.h"
#include "token/token.h"
#include "trust.h"

/* Until this share of limits.max_run mails are fetched; the rest is for deciding and sending. */
enum { FETCH_PERCENT = 70, READ_PERCENT = 85 };

/* A mailbox whose quota is used to more than this is told of. */
enum { QUOTA_PERCENT = 85 };

void collect_fail(struct collect *c, const struct err *e)
{
    if (c->err.cls == ERR_NONE)
        c->err = *e;
}

void collect_no_memory(struct collect *c)
{
    struct err e;
    (void)err_set(&e, ERR_MEMORY, "out of memory");
    collect_fail(c, &e);
}

/* New mails at most: UIDs have holes, and not every server says what the next one will be. */
static uint64_t new_mails(const struct fetch_box *b, uint32_t mark)
{
    uint64_t above = b->uidnext > mark ? b->uidnext - 1 - (uint64_t)mark : 0;
    return b->uidnext == 0 || above > b->exists ? b->exists : above;
}

static void on_selected(void *ctx, uint32_t mailbox, const struct fetch_box *b)
{
    struct collect *c = ctx;
    struct box *box = &c->boxes[mailbox];
    struct err e;
    bool changed;
    if (!store_mailbox_opened(c->run->store, box->state.id, b->uidvalidity, &changed, &e)) {
        collect_fail(c, &e);
        return;
    }
    box->uidvalidity = b->uidvalidity;
    if (changed)
        box->state.mark = 0;
    c->expected += new_mails(b, box->state.mark);
    if (b->renumbered)
        say(SAY_VERBOSE,
            "mailbox %.*s: the server numbered its mails anew; all are read again, none counts twice",
            SV_ARG(box->cfg->name));
}

static const sv *on_known(void *ctx, uint32_t mailbox, size_t *n)
{
    struct collect *c = ctx;
    struct run *r = c->run;
    struct err e;
    sv *known = NULL;
    *n = 0;
    if (!trust_answer(r->store, &r->config, &r->arena, &e) ||
        !store_known_reporters(r->store, c->boxes[mailbox].state.id, r->config.limits.known_reporters,
                               &r->arena, &known, n, &e))
        collect_fail(c, &e);
    return known;
}

static bool waiting(const struct collect *c)
{
    return c->n_batch || c->n_gaps || collect_files_owed(c);
}

static void note_batch_start(struct collect *c)
{
    if (!waiting(c))
        c->batch_since = clock_mono_ms();
}

bool collect_hand(struct collect *c, struct box *box, uint32_t uid)
{
    if (uid <= box->state.mark || uid_list_add(&box->handed, uid))
        return true;
    collect_no_memory(c);
    return false;
}

static void on_mail(void *ctx, struct raw_mail mail)
{
    struct collect *c = ctx;
    struct err e;
    struct box *box = &c->boxes[mail.source];
    if (c->err.cls == ERR_NONE && collect_hand(c, box, mail.uid)) {
        box->pending++;
        if (!intake_submit(c->intake, &mail, c->next_id++, &e))
            collect_fail(c, &e);
    }
    free(mail.bytes);
}

void collect_gap(struct collect *c, uint32_t mailbox, struct gap gap)
{
    struct box *box = &c->boxes[mailbox];
    if (box->n_gaps == box->gaps_cap) {
        size_t cap = box->gaps_cap ? box->gaps_cap * 2 : 16;
        struct gap *gaps = reallocarray(box->gaps, cap, sizeof *gaps);
        if (gaps == NULL) {
            collect_no_memory(c);
            return;
        }
        box->gaps = gaps;
        box->gaps_cap = cap;
    }
    note_batch_start(c);
    box->gaps[box->n_gaps++] = gap;
    c->n_gaps++;
}

static void on_gap(void *ctx, uint32_t mailbox, uint32_t uid, enum reject why)
{
    struct collect *c = ctx;
    c->boxes[mailbox].oversize += why == REJECT_mail_too_large;
    if (collect_hand(c, &c->boxes[mailbox], uid))
        collect_gap(c, mailbox, (struct gap){.uid = uid, .why = why});
}

static void on_gone(void *ctx, uint32_t mailbox, uint32_t uid)
{
    collect_gap(ctx, mailbox, (struct gap){.uid = uid, .gone = true});
}

static void on_alert(void *ctx, uint32_t mailbox, sv text)
{
    struct collect *c = ctx;
    progress_clear(&c->progress);
    say(SAY_WARNING, "mailbox %.*s: the server says: %.*s", SV_ARG(c->boxes[mailbox].cfg->name),
        SV_ARG(text));
}

static void on_quota(void *ctx, uint32_t mailbox, sv resource, uint64_t used, uint64_t limit)
{
    struct collect *c = ctx;
    uint64_t much = limit / 100 * QUOTA_PERCENT + limit % 100 * QUOTA_PERCENT / 100;
    if (limit == 0 || used <= much)
        return;
    progress_clear(&c->progress);
    say(SAY_WARNING,
        "mailbox %.*s: %llu of %llu of its quota (%.*s) are used; a full mailbox loses reports: see `after`, "
        "or "
        "raise the quota",
        SV_ARG(c->boxes[mailbox].cfg->name), (unsigned long long)used, (unsigned long long)limit,
        SV_ARG(resource));
}

/* A mail over which the connection broke is asked for alone in the next run, after all others, so that one
 * that never comes to its end holds up nothing behind it. */
static void on_done(void *ctx, uint32_t mailbox, const struct fetch_end *end)
{
    struct collect *c = ctx;
    c->boxes[mailbox].end = *end;
    if (!c->boxes[mailbox].all_came)
        c->n_fetching--;
    c->boxes[mailbox].fetched = false;
    c->boxes[mailbox].all_came = true;
    if (end->uid && end->err.cls != ERR_NONE && !end->stopped)
        collect_gap(c, mailbox, (struct gap){.uid = end->uid, .why = REJECT_unfetchable});
}

static bool add_files(struct collect *c, const struct mailbox_cfg *cfg, struct err *e)
{
    struct run *r = c->run;
    struct box *box = &c->boxes[c->n_boxes];
    struct store_mailbox_key key = mailbox_key(cfg);
    box->cfg = cfg;
    return store_mailbox(r->store, &key, &r->arena, &box->state, e) &&
           collect_files_open(c, (uint32_t)c->n_boxes++, e);
}

/* What was too large is asked for again once the limit is above what it was then. */
static bool is_to_be_asked(const struct store_gap *g, const struct limits *l)
{
    return g->reason != REJECT_mail_too_large || g->size <= l->mail_size;
}

static int by_uid(const void *a, const void *b)
{
    const struct fetch_gap *x = a, *y = b;
    return (x->uid > y->uid) - (x->uid < y->uid);
}

/* Gaps, and what stands above the mark because known reporters come first: it is not read again. */
static bool list_gaps(struct run *r, const struct store_mailbox *m, struct fetch_state *out, struct err *e)
{
    const struct limits *l = &r->config.limits;
    size_t left = m->n_gaps < l->mailbox_gaps ? (size_t)l->mailbox_gaps - m->n_gaps : 0, n = 0;
    uint32_t *stored;
    if (!store_mails_above(r->store, m, left, &r->arena, &stored, &n, e))
        return false;
    struct fetch_gap *gaps = arena_array(&r->arena, m->n_gaps + n, sizeof *gaps);
    if (gaps == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < m->n_gaps; i++)
        gaps[i] = (struct fetch_gap){.uid = m->gaps[i].uid, .ask = is_to_be_asked(&m->gaps[i], l)};
    for (size_t i = 0; i < n; i++)
        gaps[m->n_gaps + i] = (struct fetch_gap){.uid = stored[i]};
    qsort(gaps, m->n_gaps + n, sizeof *gaps, by_uid);
    out->gaps = gaps;
    out->n_gaps = m->n_gaps + n;
    return true;
}

/* Adds a mailbox; its place among the boxes is the index that fetch/ knows it by. One that cannot be asked
 * at all does not stop the others. */
static bool add_box(struct collect *c, const struct mailbox_cfg *cfg, struct err *e)
{
    struct run *r = c->run;
    struct box *box = &c->boxes[c->n_boxes];
    box->cfg = cfg;
    struct store_mailbox_key key = mailbox_key(cfg);
    if (!store_mailbox(r->store, &key, &r->arena, &box->state, e) || !collect_forget_debts(c, box, e))
        return false;
    struct fetch_state state = {
        .uidvalidity = box->state.uidvalidity, .mark = box->state.mark, .settles = collect_settles(cfg)};
    if (!list_gaps(r, &box->state, &state, e))
        return false;
    uint32_t index;
    struct err why;
    if (!fetch_add(c->fetch, cfg, &state, &index, &why))
        return trouble_failed(&r->trouble, "mailbox", cfg->name, false, &why, e);
    c->n_boxes++;
    return true;
}

static void take_results(struct collect *c)
{
    for (struct intake_result *r;
         c->n_batch < c->run->config.limits.batch_mails && intake_next(c->intake, &r);) {
        note_batch_start(c);
        c->batch[c->n_batch++] = r;
    }
}

static bool batch_due(const struct collect *c)
{
    const struct limits *l = &c->run->config.limits;
    bool finished = intake_pending(c->intake) == 0 && !collect_files_left(c) && c->n_fetching == 0;
    return waiting(c) && (finished || c->n_batch >= l->batch_mails || c->n_gaps >= l->batch_mails ||
                          intake_backlog(c->intake) >= l->backlog ||
                          clock_mono_ms() - c->batch_since >= (int64_t)l->batch_time);
}

/* Milliseconds that the loop may wait for anything to happen. */
static int wait_ms(const struct collect *c)
{
    int64_t ms = run_time_left(c->run, FETCH_PERCENT);
    if (ms == 0)
        ms = run_time_left(c->run, READ_PERCENT);
    if (collect_files_ready(c))
        ms = 0;
    int intake = intake_timeout_ms(c->intake);
    if (intake >= 0 && intake < ms)
        ms = intake;
    if (waiting(c)) {
        int64_t left = c->batch_since + (int64_t)c->run->config.limits.batch_time - clock_mono_ms();
        ms = left < 0 ? 0 : left < ms ? left : ms;
    }
    return ms > INT_MAX ? INT_MAX : (int)ms;
}

static bool turn(struct collect *c, struct err *e)
{
    struct pollfd fds[INTAKE_FDS_MAX];
    unsigned n = intake_poll_fds(c->intake, fds, INTAKE_FDS_MAX);
    fetch_pause(c->fetch, intake_backlog(c->intake) >= c->run->config.limits.backlog);
    if (!fetch_wait(c->fetch, fds, n, wait_ms(c), e))
        return false;
    fetch_turn(c->fetch);
    bool ok = collect_files_turn(c, e) && intake_turn(c->intake, e);
    take_results(c);
    if (c->err.cls != ERR_NONE) {
        *e = c->err;
        return false;
    }
    return ok && (!batch_due(c) || collect_store(c, e)) && collect_settle(c, e);
}

static bool loop(struct collect *c, struct err *e)
{
    while (fetch_active(c->fetch) || collect_files_left(c) || intake_pending(c->intake) || waiting(c)) {
        if (run_time_left(c->run, FETCH_PERCENT) == 0) {
            fetch_stop(c->fetch);
            collect_files_stop(c);
        }
        /* Mails that readers still have are not stored, so the mark stays before them. */
        if (run_time_left(c->run, READ_PERCENT) == 0)
            break;
        progress_update(&c->progress, c->run->counts.mails, c->expected);
        if (!turn(c, e))
            return false;
    }
    return !waiting(c) || collect_store(c, e);
}

static bool settle_box(struct collect *c, const struct box *box, struct err *e)
{
    struct trouble *t = &c->run->trouble;
    if (box->oversize)
        say(SAY_NEWS, "mailbox %.*s: %llu mails above the limit mail_size were left where they are",
            SV_ARG(box->cfg->name), (unsigned long long)box->oversize);
    if (box->end.err.cls != ERR_NONE && !box->end.stopped)
        return trouble_failed(t, "mailbox", box->cfg->name, box->end.transient, &box->end.err, e);
    if (box->end.stopped) {
        say(SAY_VERBOSE, "mailbox %.*s: the time was up; the next run goes on", SV_ARG(box->cfg->name));
        return true;
    }
    say(SAY_VERBOSE, "mailbox %.*s: %llu mails, %llu new reports, %llu known ones, %llu not read, %u left",
        SV_ARG(box->cfg->name), (unsigned long long)box->mails, (unsigned long long)box->reports,
        (unsigned long long)box->known, (unsigned long long)box->rejects, box->end.left);
    c->run->read_to_end++;
    return trouble_ended(t, "mailbox", box->cfg->name, e);
}

/* What mailboxes have is told also when something else ended the collecting. */
static bool settle_boxes(struct collect *c, bool ok, struct err *e)
{
    struct err settling;
    for (size_t i = 0; i < c->n_boxes; i++) {
        bool told = ok || c->boxes[i].end.err.cls != ERR_NONE;
        if (told && !settle_box(c, &c->boxes[i], ok ? e : &settling))
            return false;
    }
    return ok;
}

static bool open_all(struct collect *c, const struct fetch_handler *handler, const char *folder,
                     struct err *e)
{
    const struct config *cfg = &c->run->config;
    const struct intake_options intake = {
        .limits = &cfg->limits, .best_effort = cfg->best_effort, .stage_folder = folder};
    c->fetch = fetch_open(&cfg->limits, handler, e);
    c->tokens = c->fetch ? tokens_open(&cfg->limits, cfg->state_path, e) : NULL;
    if (c->tokens == NULL || !intake_open(&intake, &c->intake, e))
        return false;
    fetch_use_tokens(c->fetch, c->tokens);
    c->boxes = calloc(cfg->n_mailboxes + 1, sizeof *c->boxes);
    c->batch = calloc(cfg->limits.batch_mails, sizeof(struct intake_result *));
    if (c->boxes == NULL || c->batch == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    c->run->trouble.mailboxes = (unsigned)cfg->n_mailboxes;
    for (size_t i = 0; i < cfg->n_mailboxes; i++)
        if (cfg->mailboxes[i].kind == MAILBOX_IMAP && !add_box(c, &cfg->mailboxes[i], e))
            return false;
    c->n_imap = c->n_fetching = c->n_boxes;
    for (size_t i = 0; i < cfg->n_mailboxes; i++)
        if (cfg->mailboxes[i].kind != MAILBOX_IMAP && !add_files(c, &cfg->mailboxes[i], e))
            return false;
    return true;
}

static void close_all(struct collect *c)
{
    for (size_t i = 0; i < c->n_batch; i++)
        intake_release(c->intake, c->batch[i]);
    intake_close(c->intake);
    fetch_close(c->fetch);
    tokens_close(c->tokens);
    for (size_t i = 0; c->boxes && i < c->n_boxes; i++) {
        free(c->boxes[i].handed.uids);
        free(c->boxes[i].gaps);
        collect_files_close(&c->boxes[i]);
    }
    free(c->boxes);
    free(c->batch);
}

/* The state folder may not be there yet, and a dry run does not make it. */
static const char *scratch_folder(void)
{
    const char *named = getenv("TMPDIR");
    return named && *named ? named : "/tmp";
}

bool run_collect(struct run *r, struct err *e)
{
    struct collect c = {.run = r};
    const struct fetch_handler handler = {.ctx = &c,
                                          .selected = on_selected,
                                          .known = on_known,
                                          .mail = on_mail,
                                          .gap = on_gap,
                                          .gone = on_gone,
                                          .alert = on_alert,
                                          .quota = on_quota,
                                          .fetched = collect_on_fetched,
                                          .settled = collect_on_settled,
                                          .done = on_done};
    const char *folder = r->dry_run ? scratch_folder() : file_folder(&r->arena, r->config.state_path);
    bool ok = folder ? open_all(&c, &handler, folder, e) : err_set(e, ERR_MEMORY, "out of memory");
    progress_start(&c.progress, "mails");
    ok = ok && loop(&c, e);
    progress_clear(&c.progress);
    ok = settle_boxes(&c, ok, e);
    close_all(&c);
    return ok;
}
