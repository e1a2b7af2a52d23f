/* Frames as a reader would send them, for tests of both ends. */
#ifndef FRAMES_H
#define FRAMES_H

#include "wire/wire.h"

/* A record of 2 messages that pass, or of 1 that fails. */
static inline void put_test_record(buf *out, unsigned i)
{
    struct record r = {.count = i % 2 ? 1 : 2,
                       .dkim = {.v = i % 2 ? VERDICT_FAIL : VERDICT_PASS},
                       .spf = {.v = VERDICT_FAIL},
                       .header_from = SV("example.net")};
    r.source_ip.b[12] = (uint8_t)(i >> 24);
    r.source_ip.b[13] = (uint8_t)(i >> 16);
    r.source_ip.b[14] = (uint8_t)(i >> 8);
    r.source_ip.b[15] = (uint8_t)i;
    wire_put_record(out, &r);
}

/* The report that n such records belong to. */
static inline struct report test_report(uint64_t n)
{
    return (struct report){.report_id = SV("17"),
                           .domain = SV("example.net"),
                           .has_begin = true,
                           .begin = 1700000000,
                           .records = n,
                           .records_raw = n,
                           .messages = n + (n + 1) / 2,
                           .dmarc_fail_messages = n / 2};
}

#endif
