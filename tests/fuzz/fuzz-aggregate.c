/* An aggregate report, in pieces and whole. What is read must be what the wire takes. */
#include "fuzz.h"

#include "report/aggregate.h"
#include "wire/wire.h"

struct told {
    uint64_t records;
    buf frame;
    arena memory;
};

static bool on_reset(void *self)
{
    struct told *t = self;
    t->records = 0;
    return true;
}

static sv payload(const buf *frame)
{
    return sv_skip(buf_view(frame), WIRE_HEAD);
}

static bool on_record(void *self, const struct record *record)
{
    struct told *t = self;
    struct record back;
    t->records++;
    buf_reset(&t->frame);
    arena_reset(&t->memory);
    wire_put_record(&t->frame, record);
    fuzz_require(wire_get_record(payload(&t->frame), fuzz_limits(), &t->memory, &back),
                 "the parent takes every record");
    return true;
}

static void check_report(struct told *t, const struct report *r)
{
    struct report back;
    fuzz_require(r->records == t->records, "records are counted");
    fuzz_require(r->records_raw <= fuzz_limits()->report_rows, "records are limited");
    buf_reset(&t->frame);
    arena_reset(&t->memory);
    wire_put_aggregate_end(&t->frame, r);
    fuzz_require(wire_get_aggregate_end(payload(&t->frame), fuzz_limits(), &t->memory, &back),
                 "the parent takes every report");
}

static enum reject read_it(struct aggregate_reader *r, struct told *t, sv in, bool cut)
{
    enum aggregate_answer answer;
    unsigned readings = 0;
    sv piece, detail;
    t->records = 0;
    aggregate_start(r);
    do {
        struct fuzz_pieces pieces = fuzz_cut(in);
        bool more = cut || aggregate_push(r, in);
        while (cut && more && fuzz_piece(&pieces, &piece))
            more = aggregate_push(r, piece);
        answer = aggregate_end(r);
        fuzz_require(++readings <= 3, "there are three readings");
    } while (answer == AGGREGATE_AGAIN);
    if (answer == AGGREGATE_REJECT)
        return aggregate_reject(r, &detail);
    check_report(t, aggregate_report(r));
    return REJECT_NONE_;
}

void fuzz_one(sv in)
{
    static struct aggregate_reader *reader;
    static struct told told;
    if (reader == NULL) {
        aggregate_library_init();
        buf_init(&told.frame, MIB(1));
        arena_init(&told.memory, MIB(1));
        reader = aggregate_new(fuzz_limits(), (struct aggregate_sink){&told, on_reset, on_record});
    }
    fuzz_require(reader != NULL, "there is memory");
    (void)aggregate_looks_like(in);
    enum reject whole = read_it(reader, &told, in, false);
    uint64_t records = told.records;
    enum reject pieces = read_it(reader, &told, in, true);
    /* Which of two reasons comes first may hang on the pieces: libxml2 looks ahead, the guard does not. */
    fuzz_require((whole == REJECT_NONE_) == (pieces == REJECT_NONE_), "the pieces decide nothing");
    fuzz_require(whole != REJECT_NONE_ || records == told.records, "the pieces change no record");
}
