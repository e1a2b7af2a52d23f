/* What a run would send now, as text. The store is a copy that nobody sees again, so the rows are taken off
 * its outbox as if they had been sent. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "run.h"
#include "say.h"
#include "sender.h"
#include "store/outbox.h"
#include "text/escape.h"

#define ROW_MEMORY MIB(16)

enum { NAMES_MAX = 1 << 20 };

struct preview {
    struct run *run;
    struct sender sender;
    arena arena; /* of one row */
    /* The notice that rows are being gathered for: those of one notice follow each other. */
    uint8_t notice[INCIDENT_ID];
    buf channels; /* empty: none yet */
    buf text;
    unsigned shown;
};

static void show(struct preview *p)
{
    if (p->channels.n == 0)
        return;
    (void)printf("To %.*s:\n\n%.*s\n", (int)p->channels.n, p->channels.p, (int)p->text.n,
                 p->text.n ? p->text.p : "");
    p->shown++;
    buf_reset(&p->channels);
    buf_reset(&p->text);
}

static bool take(struct preview *p, const struct store_delivery *row, struct err *e)
{
    static const struct channel_cfg as_text = {.type = CHANNEL_STDOUT};
    bool is_next = p->channels.n && memcmp(p->notice, row->notice, INCIDENT_ID) == 0;
    if (!is_next) {
        show(p);
        memcpy(p->notice, row->notice, INCIDENT_ID);
        struct sender_offer offer = {
            .frozen = row->frozen, .channel = &as_text, .repeat_possible = row->repeat_possible};
        if (!sender_render(&p->sender, &offer, &p->text, e))
            return false;
    }
    buf_puts(&p->channels, is_next ? ", " : "");
    text_terminal(&p->channels, row->channel);
    return true;
}

static bool take_row(struct preview *p, const struct store_delivery *row, struct err *e)
{
    struct store *s = p->run->store;
    struct err why = {0};
    if (run_channel(&p->run->config, row->channel) == NULL)
        say(SAY_ERROR,
            "channel %.*s: a notice would be given up: the channel is no longer in the configuration",
            SV_ARG(row->channel));
    else if (!take(p, row, &why))
        say(SAY_ERROR, "channel %.*s: a notice would be given up: %s", SV_ARG(row->channel), why.msg);
    return store_outbox_claim(s, row->id, e) && store_outbox_sent(s, row->id, clock_now(), e);
}

static bool take_all(struct preview *p, struct err *e)
{
    struct store_delivery row;
    for (bool found = true; found && !run_stopping;) {
        arena_reset(&p->arena);
        if (!store_outbox_next(p->run->store, clock_now(), &p->arena, &row, &found, e) ||
            (found && !take_row(p, &row, e)))
            return false;
    }
    return true;
}

bool run_preview(struct run *r, struct err *e)
{
    struct preview p = {.run = r};
    if (!sender_open(&p.sender, &r->config, e))
        return false;
    arena_init(&p.arena, ROW_MEMORY);
    buf_init(&p.channels, NAMES_MAX);
    buf_init(&p.text, (size_t)r->config.limits.notice_size);
    bool ok = take_all(&p, e);
    show(&p);
    if (ok && p.shown == 0)
        (void)puts("Nothing would be sent.");
    buf_free(&p.text);
    buf_free(&p.channels);
    arena_free(&p.arena);
    sender_close(&p.sender);
    return ok;
}
