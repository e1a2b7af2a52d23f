/* A failure report (RFC 6591, RFC 9991) or another report about one mail (RFC 5965). Text is as written,
 * unfolded and trimmed; it points into memory of whoever made the value. Nothing of the mail that it is
 * about is kept but what stands here. */
#ifndef MODEL_FAILURE_H
#define MODEL_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/ip.h"
#include "model/notes.h"

struct failure_report {
    sv feedback_type; /* in lower case; absent: the reporter gave none, and it is taken for an authentication
                         failure */
    sv auth_failure, reported_domain, delivery_result;
    sv identity_alignment; /* RFC 7489 lists what was aligned, RFC 9991 what was not: no verdict follows */
    sv dkim_domain, dkim_identity, dkim_selector;
    bool has_source_ip, has_arrival;
    struct ip source_ip;
    int64_t arrival;    /* Unix seconds UTC */
    uint64_t incidents; /* mails that it stands for, 1 to limits.row_count */
    /* of the mail that it is about */
    sv header_from_domain, message_id;
    struct note_set notes;
};

/* An authentication failure; false: abuse, fraud, opt-out and the like. */
bool failure_is_authentication(const struct failure_report *f);

#endif
