/* What a mail's header says of its own authenticity. */
#ifndef MAIL_AUTH_H
#define MAIL_AUTH_H

#include "base/arena.h"
#include "base/sv.h"
#include "model/auth.h"
#include "model/limits.h"

/* The Authentication-Results (RFC 8601 2.2), Received-SPF (RFC 7208 9.1) and Received fields of a header
 * block, from the top. Tolerant of what servers write: comments anywhere, quoted values, folds, no
 * authserv-id (Exchange), results without a method, old property names; a field whose version is unknown
 * (RFC 8601 2.6), or that is not well-formed (a quote or comment without an end), has its place and says
 * nothing. Other fields of that kind (ARC-Authentication-Results, Authentication-Results-Original) are not
 * looked at.
 * Bounded by limits.auth_fields, auth_results, auth_hops and auth_field_size; where one is reached, the
 * reading ends and out->more is set. Memory is a's; without it *out is empty. Any octets may come in. */
void mail_auth_read(sv block, const struct limits *limits, arena *a, struct mail_auth *out);

#endif
