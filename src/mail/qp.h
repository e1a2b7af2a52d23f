#ifndef MAIL_QP_H
#define MAIL_QP_H

#include "base/buf.h"
#include "base/sv.h"

/* Appends the octets of quoted-printable text (RFC 2045 6.7): lower-case hex is taken, a '=' that starts
 * nothing stays, blanks at the end of a line go. */
void qp_decode(buf *out, sv in);

/* The "Q" encoding of RFC 2047 4.2: as above, and '_' is a blank. */
void q_decode(buf *out, sv in);

/* The value of a hexadecimal digit in either case, or -1. */
int hex_digit(char c);

#endif
