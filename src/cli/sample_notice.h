#ifndef CLI_SAMPLE_NOTICE_H
#define CLI_SAMPLE_NOTICE_H

#include "base/arena.h"
#include "model/notice.h"

/* A made-up notice, marked as a test, about names and addresses that are reserved for documentation (RFC
 * 2606, RFC 5737). Its parts are in `a`. False: no memory. */
bool sample_notice(arena *a, int64_t now, struct notice *out) NODISCARD;

#endif
