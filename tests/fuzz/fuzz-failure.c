/* A failure report: the fields of a feedback part, and the plain text that Exim sends. */
#include "fuzz.h"

#include "mail/header.h"
#include "report/failure.h"
#include "wire/wire.h"

static void check(struct failure_reader *r)
{
    struct failure_report back;
    buf frame;
    buf_init(&frame, MIB(1));
    failure_end(r);
    wire_put_failure(&frame, &r->report);
    fuzz_require(!frame.failed &&
                     wire_get_failure(sv_skip(buf_view(&frame), WIRE_HEAD), fuzz_limits(), &back),
                 "the parent takes every report");
    buf_free(&frame);
}

static void as_fields(sv in, arena *a)
{
    struct failure_reader r;
    struct header_field f;
    failure_start(&r, fuzz_limits(), a);
    while (header_next(&in, &f))
        (void)failure_field(&r, f.name, header_unfold(f.raw, a));
    failure_original(&r, header_domain(in, a), header_text(in, a));
    check(&r);
}

static void as_text(sv in, arena *a)
{
    struct failure_reader r;
    sv original = SV_ABSENT;
    failure_start(&r, fuzz_limits(), a);
    if (failure_plain_text(&r, in, &original))
        check(&r);
}

void fuzz_one(sv in)
{
    arena memory;
    arena_init(&memory, MIB(4));
    as_fields(in, &memory);
    as_text(in, &memory);
    arena_free(&memory);
}
