#include "stage.h"

#include <assert.h>
#include <stdlib.h>

#include "wire/wire.h"

enum { LENGTH = 4, WINDOW = 64 * 1024 };

void stage_init(struct intake_stage *s, const struct limits *limits, const char *folder)
{
    *s = (struct intake_stage){.limits = limits};
    /* An aggregate report's own fields are small (errors aside, well below 4 KiB), a TLS report is all
     * fields; with this a mail of many reports that are nothing but long fields cannot fill the memory of
     * the program. */
    arena_init(&s->texts, limits->stage_memory + limits->mail_reports * KIB(4) + 2 * limits->json_size);
    spool_init(&s->spool, limits->stage_memory, limits->stage_size, folder);
    struct stage_cursor *c = &s->cursor;
    c->stage = s;
    arena_init(&c->record, MIB(1) + 2 * limits->wire_frame);
    buf_init(&c->window, LENGTH + WINDOW + limits->wire_frame);
}

void stage_free(struct intake_stage *s)
{
    arena_free(&s->texts);
    spool_free(&s->spool);
    free(s->documents);
    s->documents = NULL;
    s->n = s->room = 0;
    arena_free(&s->cursor.record);
    buf_free(&s->cursor.window);
}

void stage_clear(struct intake_stage *s)
{
    arena_free(&s->texts);
    spool_free(&s->spool);
    s->n = 0;
}

uint64_t stage_size(const struct intake_stage *s)
{
    return spool_size(&s->spool) + s->texts.used;
}

enum spool_put stage_record(struct intake_stage *s, sv payload, struct err *e)
{
    assert(payload.n <= UINT32_MAX);
    unsigned char length[LENGTH];
    for (size_t i = 0; i < LENGTH; i++)
        length[i] = (unsigned char)(payload.n >> (8 * i));
    enum spool_put put = spool_put(&s->spool, sv_of(length, LENGTH), e);
    return put == SPOOL_OK ? spool_put(&s->spool, payload, e) : put;
}

bool stage_document(struct intake_stage *s, const struct document *d, uint64_t at)
{
    if (s->n == s->room) {
        size_t room = s->room ? 2 * s->room : 1;
        void *more = realloc(s->documents, room * sizeof *s->documents);
        if (more == NULL)
            return false;
        s->documents = more;
        s->room = room;
    }
    s->documents[s->n++] = (struct staged_document){.document = *d, .at = at, .end = spool_size(&s->spool)};
    return true;
}

/* The next n octets, or NULL when they cannot be read. */
static const char *window(struct stage_cursor *c, size_t n)
{
    uint64_t skipped = c->at - c->window_at;
    if (c->at >= c->window_at && skipped <= c->window.n && n <= c->window.n - skipped)
        return c->window.p + skipped;
    uint64_t left = c->end - c->at;
    size_t want = n > WINDOW ? n : left < WINDOW ? (size_t)left : WINDOW;
    buf_reset(&c->window);
    char *to = buf_room(&c->window, want);
    if (to == NULL) {
        err_set(&c->failed, ERR_MEMORY, "no memory to read a staged report");
        return NULL;
    }
    if (!spool_read(&c->stage->spool, c->at, to, want, &c->failed))
        return NULL;
    c->window.n = want;
    c->window_at = c->at;
    return to;
}

static size_t length_at(const char *p)
{
    size_t n = 0;
    for (size_t i = 0; i < LENGTH; i++)
        n |= (size_t)(unsigned char)p[i] << (8 * i);
    return n;
}

static bool damaged(struct stage_cursor *c)
{
    return err_set(&c->failed, ERR_DISK, "the file of a large report is not what was written to it");
}

static bool next_record(struct record_cursor *self, struct record *out)
{
    struct stage_cursor *c = (struct stage_cursor *)(void *)self;
    if (c->at == c->end || c->failed.cls != ERR_NONE)
        return false;
    if (c->end - c->at < LENGTH)
        return damaged(c);
    const char *item = window(c, LENGTH);
    if (item == NULL)
        return false;
    size_t n = length_at(item);
    if (n > c->end - c->at - LENGTH || n > c->stage->limits->wire_frame)
        return damaged(c);
    item = window(c, LENGTH + n);
    if (item == NULL)
        return false;
    arena_reset(&c->record);
    if (!wire_get_record(sv_of(item + LENGTH, n), c->stage->limits, &c->record, out))
        return damaged(c);
    c->at += LENGTH + n;
    return true;
}

static void rewind_records(struct record_cursor *self)
{
    struct stage_cursor *c = (struct stage_cursor *)(void *)self;
    c->at = c->start;
}

struct record_cursor *stage_records(struct intake_stage *s, size_t i)
{
    assert(i < s->n);
    struct stage_cursor *c = &s->cursor;
    c->base = (struct record_cursor){.next = next_record, .rewind = rewind_records};
    c->start = c->at = s->documents[i].at;
    c->end = s->documents[i].end;
    /* The spool may have been another mail's or longer when the window was read. */
    buf_reset(&c->window);
    return &c->base;
}
