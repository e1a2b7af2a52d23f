/* The parent's side: whatever a reader that was taken over may say. */
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

/* Both sides' first frames, and what the worker takes from its parent. */
static void others(sv in)
{
    struct limits l;
    struct wire_hello h;
    struct wire_frame f;
    uint64_t size;
    uint8_t slot;
    uint32_t pid;
    bool best_effort;
    (void)!wire_get_hello(in, &h);
    (void)!wire_get_born(in, &slot, &pid);
    if (wire_get_limits(in, &l, &best_effort) == WIRE_LIMITS_OK)
        for (unsigned i = 0; limits_at(&l, i) && i < 10; i++)
            fuzz_require(*limits_at(&l, i) > 0, "a limit is above 0");
    (void)!wire_get_mail_begin(in, fuzz_limits(), &size);
    while (wire_take(&in, WIRE_PARENT, fuzz_limits()->wire_frame, &f) == WIRE_FRAME)
        fuzz_require(f.type < WIRE_TYPE_END, "a frame has a type");
}

void fuzz_one(sv in)
{
    struct intake_stage stage;
    struct answer answer;
    stage_init(&stage, fuzz_limits(), NULL);
    answer_init(&answer, fuzz_limits());
    converse(in, &answer, &stage);
    others(in);
    answer_free(&answer);
    stage_free(&stage);
}
