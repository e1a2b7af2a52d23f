#include "qp.h"

#include <stdbool.h>

#include "line.h"

int hex_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    char l = ascii_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/* The octet that "=XX" at the start of s means, or -1. */
static int escaped(sv s)
{
    if (s.n < 3)
        return -1;
    int high = hex_digit(s.p[1]), low = hex_digit(s.p[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* The length of the soft line break at the start of s, its '=' included, or 0. */
static size_t soft_break(sv s)
{
    sv rest = lwsp_skip(sv_skip(s, 1));
    while (rest.n && rest.p[0] == '\r')
        rest = sv_skip(rest, 1);
    if (rest.n == 0)
        return s.n;
    return rest.p[0] == '\n' ? s.n - rest.n + 1 : 0;
}

/* How many octets at the start of s are alike: blanks, or neither blanks nor anything that means something.
 */
static size_t run_of(sv s, bool blanks)
{
    size_t n = 0;
    while (n < s.n && (blanks ? is_lwsp(s.p[n]) : (unsigned char)s.p[n] > ' ' && s.p[n] != '='))
        n++;
    return n;
}

void qp_decode(buf *out, sv in)
{
    char *to = buf_room(out, in.n);
    if (to == NULL)
        return;
    size_t n = 0, solid = 0; /* solid: behind the last octet that no line end may strip */
    while (in.n) {
        char c = in.p[0];
        bool blank = is_lwsp(c);
        if (c == '=' && in.n > 1 && in.p[1] == '\n') {
            solid = n;
            in = sv_skip(in, 2);
            continue;
        }
        int octet = c == '=' ? escaped(in) : -1;
        size_t taken = c == '=' && octet < 0 ? soft_break(in) : 0, run = run_of(in, blank);
        if (run) {
            memcpy(to + n, in.p, run);
            n += run;
            solid = blank ? solid : n;
            taken = run;
        } else if (octet >= 0) {
            to[n++] = (char)octet;
            solid = n;
            taken = 3;
        } else if (taken) {
            solid = n;
        } else {
            if (c == '\n' || (c == '\r' && in.n > 1 && in.p[1] == '\n'))
                n = solid;
            to[n++] = c;
            solid = n;
            taken = 1;
        }
        in = sv_skip(in, taken);
    }
    out->n += n;
}

void q_decode(buf *out, sv in)
{
    while (in.n) {
        int octet = in.p[0] == '=' ? escaped(in) : -1;
        buf_char(out, octet >= 0 ? (char)octet : in.p[0] == '_' ? ' ' : in.p[0]);
        in = sv_skip(in, octet >= 0 ? 3 : 1);
    }
}
