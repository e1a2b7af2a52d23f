/* The spool and the stage on it against plain copies: octets and records put down, cut off and read again.
 * Each step of the input is a letter and two octets of number. */
#include "fuzz.h"

#include <stdio.h>
#include <unistd.h>

#include "stage.h"
#include "wire/wire.h"

enum { MEMORY = 100, CAP = 4000, STEP = 3 };

static size_t number(sv step)
{
    return (size_t)((unsigned char)step.p[1] << 8 | (unsigned char)step.p[2]);
}

/* ---- the spool ---- */

struct model {
    struct spool spool;
    char copy[CAP];
};

static bool put(struct model *m, sv octets)
{
    struct err e = {.cls = ERR_NONE};
    uint64_t at = spool_size(&m->spool);
    enum spool_put done = spool_put(&m->spool, octets, &e);
    if (done == SPOOL_ERROR) {
        fuzz_require(m->spool.folder && e.cls != ERR_NONE && e.msg[0], "what cannot be put says why");
        return false;
    }
    fuzz_require(done == (at + octets.n > CAP ? SPOOL_FULL : SPOOL_OK), "the cap and nothing else refuses");
    if (done == SPOOL_OK)
        memcpy(m->copy + at, octets.p, octets.n);
    return true;
}

static void read_back(struct model *m, uint64_t at, size_t n)
{
    char got[CAP];
    struct err e;
    uint64_t size = spool_size(&m->spool);
    at = size ? at % size : 0;
    n = (size_t)(n > size - at ? size - at : n);
    fuzz_require(spool_read(&m->spool, at, got, n, &e), "what was put down can be read");
    fuzz_require(memcmp(got, m->copy + at, n) == 0, "it is what was put down");
}

static bool take_steps(struct model *m, sv in)
{
    for (; in.n >= STEP; in = sv_skip(in, STEP)) {
        size_t n = number(in);
        if (in.p[0] == 'c')
            spool_cut(&m->spool, spool_size(&m->spool) ? n % (spool_size(&m->spool) + 1) : 0);
        else if (in.p[0] == 'r')
            read_back(m, n, n);
        else if (!put(m, sv_first(in, n)))
            return false;
    }
    return true;
}

/* NULL: in memory; a folder; one that is not there; one that takes no files. */
static const char *folder_of(sv in)
{
    switch (in.n ? in.p[0] : '\0') {
    case 'f':
        return P_tmpdir;
    case 'g':
        return "/no-such-folder";
    case 'h':
        return "/proc";
    default:
        return NULL;
    }
}

static void run_spool(sv in)
{
    struct model m;
    spool_init(&m.spool, MEMORY, CAP, folder_of(in));
    if (take_steps(&m, in))
        read_back(&m, 0, CAP);
    spool_free(&m.spool);
}

/* ---- the stage ---- */

enum { DOCUMENTS = 20, RECORDS = 200, LEAF = 40000, SMALL = 256, STEPS = 300 };

struct staged {
    struct limits limits;
    struct intake_stage stage;
    size_t length[RECORDS], n;   /* of the records' texts; the number of a record is its count */
    size_t first[DOCUMENTS + 1]; /* record of each document; behind the last: of the one not yet closed */
    uint64_t at;                 /* where that one begins */
};

/* As the parent does: of a report that finds no room nothing stays. */
static void forget_open(struct staged *s)
{
    spool_cut(&s->stage.spool, s->at);
    s->n = s->first[s->stage.n];
}

static void put_record(struct staged *s, size_t n)
{
    static char text[LEAF];
    struct err e;
    buf frame;
    if (s->n == RECORDS)
        return;
    memset(text, 'a', n);
    buf_init(&frame, s->limits.wire_frame);
    wire_put_record(&frame, &(struct record){.count = s->n, .header_from = sv_of(text, n)});
    fuzz_require(!frame.failed, "the record has its place in a frame");
    enum spool_put done = stage_record(&s->stage, sv_skip(buf_view(&frame), WIRE_HEAD), &e);
    buf_free(&frame);
    fuzz_require(done != SPOOL_ERROR, "there is memory for a record");
    if (done == SPOOL_FULL)
        forget_open(s);
    else
        s->length[s->n++] = n;
}

static void close_document(struct staged *s)
{
    const struct document d = {.kind = DOCUMENT_AGGREGATE};
    if (s->stage.n == DOCUMENTS)
        return;
    fuzz_require(stage_document(&s->stage, &d, s->at), "there is memory for a document");
    s->first[s->stage.n] = s->n;
    s->at = spool_size(&s->stage.spool);
}

static void clear(struct staged *s)
{
    stage_clear(&s->stage);
    s->n = s->first[0] = 0;
    s->at = 0;
    fuzz_require(stage_size(&s->stage) == 0, "nothing stays");
}

static void read_document(struct staged *s, size_t i)
{
    struct record_cursor *c = stage_records(&s->stage, i);
    struct record r;
    size_t half = s->first[i] + (s->first[i + 1] - s->first[i]) / 2;
    for (size_t k = s->first[i]; k < half; k++)
        fuzz_require(c->next(c, &r), "the first half is there");
    c->rewind(c);
    for (size_t k = s->first[i]; k < s->first[i + 1]; k++)
        fuzz_require(c->next(c, &r) && r.count == k && r.header_from.n == s->length[k],
                     "each record is there, and in its order");
    fuzz_require(!c->next(c, &r) && s->stage.cursor.failed.cls == ERR_NONE, "and no other");
}

/* What a disk may do to the file: an octet of it changes to a small one, or its end is lost. */
static void damage(struct staged *s, size_t n, bool shorter)
{
    struct spool *spool = &s->stage.spool;
    struct record r;
    if (spool->written == 0)
        return;
    off_t at = (off_t)(n % spool->written);
    const char changed = (char)(n % 7);
    fuzz_require(shorter ? ftruncate(spool->fd, at) == 0 : pwrite(spool->fd, &changed, 1, at) == 1,
                 "it can be damaged");
    for (size_t i = 0; i < s->stage.n; i++)
        for (struct record_cursor *c = stage_records(&s->stage, i); c->next(c, &r);)
            fuzz_require(r.header_from.n < s->limits.wire_frame, "a record has the size of one");
    enum err_class cls = s->stage.cursor.failed.cls;
    fuzz_require(cls == ERR_NONE || cls == ERR_DISK, "a damaged file is told as such");
}

static void run_stage(sv in)
{
    struct staged s = {.limits = *fuzz_limits()};
    s.limits.stage_size = KIB(150);
    s.limits.xml_leaf = LEAF;
    s.limits.wire_frame = KIB(50);
    stage_init(&s.stage, &s.limits, NULL);
    for (unsigned i = 0; i < STEPS && in.n >= STEP; i++, in = sv_skip(in, STEP)) {
        if (in.p[0] == 'd')
            close_document(&s);
        else if (in.p[0] == 'c')
            forget_open(&s);
        else if (in.p[0] == 'k')
            clear(&s);
        else if (in.p[0] == 'x' || in.p[0] == 'y')
            break;
        else
            put_record(&s, number(in) % (in.p[0] == 'P' ? LEAF : SMALL));
    }
    for (size_t i = 0; i < s.stage.n; i++)
        read_document(&s, i);
    if (in.n >= STEP)
        damage(&s, number(in), in.p[0] == 'y');
    stage_free(&s.stage);
}

void fuzz_one(sv in)
{
    run_spool(in);
    run_stage(in);
}
