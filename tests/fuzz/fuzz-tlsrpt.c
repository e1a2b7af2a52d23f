/* A TLS report. What is read must be what the wire takes. */
#include "fuzz.h"

#include "base/utf8.h"
#include "report/tlsrpt.h"
#include "wire/wire.h"

/* What is kept of a policy to tell a change by. */
static void ask(const struct tls_policy *p, arena *a)
{
    struct tls_policy again = *p;
    sv asks = tls_policy_asks(p, a);
    fuzz_require(asks.n <= TLS_POLICY_TEXT && utf8_valid(asks), "it is a text with an end");
    (void)tls_policy_mode(p);
    if (asks.p == NULL || !sv_starts(asks, SV("mode=")))
        return;
    again.type = SV("STS");
    fuzz_require(sv_eq(tls_policy_asks(&again, a), asks), "the case of its type says nothing");
}

static bool on_found(void *self, enum reject why, const struct tlsrpt *report, sv detail)
{
    struct tlsrpt back = {.ok = 0};
    arena memory;
    buf frame;
    size_t *n = self;
    (void)detail;
    ++*n;
    if (why != REJECT_NONE_)
        return true;
    arena_init(&memory, MIB(4));
    buf_init(&frame, MIB(1));
    wire_put_tlsrpt(&frame, report);
    fuzz_require(!frame.failed &&
                     wire_get_tlsrpt(sv_skip(buf_view(&frame), WIRE_HEAD), fuzz_limits(), &memory, &back),
                 "the parent takes every report");
    fuzz_require(back.ok == report->ok && back.failed == report->failed, "sums are the same on both sides");
    for (size_t i = 0; i < report->n_policies; i++)
        ask(&report->policies[i], &memory);
    buf_free(&frame);
    arena_free(&memory);
    return true;
}

void fuzz_one(sv in)
{
    arena memory;
    size_t n = 0;
    arena_init(&memory, MIB(4));
    (void)tlsrpt_looks_like(in);
    tlsrpt_read(in, fuzz_limits(), &memory, (struct tlsrpt_sink){&n, on_found});
    fuzz_require(n > 0, "there is an answer");
    arena_free(&memory);
}
