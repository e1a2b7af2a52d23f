/* The grammar of one field: RFC 8601 2.2, RFC 7208 9.1, and the "by" of RFC 5321 4.4. */
#ifndef MAIL_AUTH_FIELD_H
#define MAIL_AUTH_FIELD_H

#include "model/auth.h"

/* Where statements go; full is sticky. */
struct auth_room {
    struct auth_statement *p;
    size_t n, max;
    bool full;
};

/* Each writes id and statements of *f; the statements lie in room, texts in a. */
void auth_read_results(sv raw, struct auth_room *room, arena *a, struct auth_field *f);
void auth_read_received_spf(sv raw, struct auth_room *room, arena *a, struct auth_field *f);

/* The host that says it received the mail, or absent. */
sv auth_received_by(sv raw, arena *a);

#endif
