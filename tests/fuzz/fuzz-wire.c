/* The parent's side: whatever a reader that was taken over may say; and what a reader takes from its parent.
 */
#include "fuzz.h"

#include "answer.h"

static void read_records(struct intake_stage *stage)
{
    for (size_t i = 0; i < stage->n; i++) {
        struct record_cursor *c = stage_records(stage, i);
        struct record r;
        while (c->next(c, &r))
            fuzz_require(r.n_dkims <= fuzz_limits()->row_auths, "results are limited");
        fuzz_require(stage->cursor.failed.cls == ERR_NONE, "what was put down can be read");
    }
}

static void converse(sv in, struct answer *a, struct intake_stage *stage)
{
    struct mail_outcome outcome = {0};
    struct wire_frame f;
    struct err e;
    enum answer_step step = ANSWER_MORE;
    answer_start(a, stage, &outcome);
    while (step == ANSWER_MORE && wire_take(&in, WIRE_WORKER, fuzz_limits()->wire_frame, &f) == WIRE_FRAME)
        step = answer_take(a, &f, &e);
    fuzz_require(step != ANSWER_FAILED, "the stage takes what is allowed");
    if (step == ANSWER_DONE)
        read_records(stage);
}

/* Says again what was understood of the frame; false: nothing was. */
static bool say_again(const struct wire_frame *f, buf *out)
{
    struct limits l;
    bool best_effort;
    uint64_t size;
    sv in = f->payload;
    if (f->type == WIRE_limits && wire_get_limits(in, &l, &best_effort) == WIRE_LIMITS_OK)
        wire_put_limits(out, &l, best_effort);
    else if (f->type == WIRE_mail_begin && wire_get_mail_begin(in, fuzz_limits(), &size))
        wire_put_mail_begin(out, size);
    else if (f->type == WIRE_mail_data)
        wire_put_mail_data(out, in);
    else if (f->type == WIRE_mail_end && wire_get_nothing(in))
        wire_put_mail_end(out);
    else
        return false;
    return true;
}

static void be_a_reader(sv in)
{
    struct wire_frame f;
    buf again;
    buf_init(&again, MIB(2));
    while (wire_take(&in, WIRE_PARENT, MIB(1), &f) == WIRE_FRAME) {
        buf_reset(&again);
        if (say_again(&f, &again))
            fuzz_require(sv_eq(sv_skip(buf_view(&again), WIRE_HEAD), f.payload),
                         "it is said in one way only");
    }
    buf_free(&again);
}

static void greet(sv in)
{
    struct wire_frame f;
    struct wire_hello h;
    buf again;
    if (wire_take(&in, WIRE_WORKER, fuzz_limits()->wire_frame, &f) != WIRE_FRAME || f.type != WIRE_hello ||
        !wire_get_hello(f.payload, &h))
        return;
    buf_init(&again, KIB(1));
    wire_put_hello(&again, &h);
    fuzz_require(sv_eq(sv_skip(buf_view(&again), WIRE_HEAD), f.payload), "a greeting has one form only");
    fuzz_require(sv_find(sv_c(wire_sandbox_name(h.sandbox)), SV("unknown"), 0) == SIZE_MAX &&
                     sv_find(sv_c(wire_sandbox_sentence(h.sandbox)), SV("unknown"), 0) == SIZE_MAX,
                 "a level that is taken has a name");
    buf_free(&again);
}

/* The mould's packet, and the exit code of a reader, which is an octet of its choice. */
static void be_born_and_die(sv in)
{
    uint8_t slot;
    uint32_t pid;
    char ask[WIRE_ASK_SIZE], born[WIRE_BORN_SIZE];
    if (!wire_get_born(in, &slot, &pid))
        return;
    wire_put_ask(ask, slot);
    wire_put_born(born, ask, pid);
    fuzz_require(sv_eq(sv_of(born, sizeof born), in), "a birth is said in one way only");
    const char *why = wire_exit_sentence(slot);
    fuzz_require(why == NULL || *why, "a code of ours has a sentence");
}

void fuzz_one(sv in)
{
    struct intake_stage stage;
    struct answer answer;
    stage_init(&stage, fuzz_limits(), NULL);
    answer_init(&answer, fuzz_limits());
    converse(in, &answer, &stage);
    answer_free(&answer);
    stage_free(&stage);
    be_a_reader(in);
    greet(in);
    be_born_and_die(in);
}
