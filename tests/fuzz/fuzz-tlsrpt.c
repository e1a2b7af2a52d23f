/* A TLS report. What is read must be what the wire takes. */
#include "fuzz.h"

#include "report/tlsrpt.h"
#include "wire/wire.h"

void fuzz_one(sv in)
{
    struct tlsrpt report, back;
    sv detail = SV_ABSENT;
    arena memory;
    buf frame;
    arena_init(&memory, MIB(4));
    buf_init(&frame, MIB(1));
    (void)tlsrpt_looks_like(in);
    if (tlsrpt_read(in, fuzz_limits(), &memory, &report, &detail) == REJECT_NONE_) {
        wire_put_tlsrpt(&frame, &report);
        fuzz_require(!frame.failed &&
                         wire_get_tlsrpt(sv_skip(buf_view(&frame), WIRE_HEAD), fuzz_limits(), &memory, &back),
                     "the parent takes every report");
        fuzz_require(back.ok == report.ok && back.failed == report.failed, "sums are the same on both sides");
    }
    buf_free(&frame);
    arena_free(&memory);
}
