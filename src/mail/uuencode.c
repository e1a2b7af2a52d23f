/* uuencode as POSIX describes it. */
#include "uuencode.h"

#include "line.h"

/* line starts with "begin ". */
static bool is_begin(sv line)
{
    sv mode = sv_skip(line, strlen("begin "));
    size_t digits = 0;
    while (digits < mode.n && mode.p[digits] >= '0' && mode.p[digits] <= '7')
        digits++;
    return (digits == 3 || digits == 4) && digits < mode.n && mode.p[digits] == ' ';
}

/* Moves *rest to the next line that starts a file. Most texts have none, so they are not read line by line.
 */
static bool find_begin(sv *rest)
{
    for (size_t at = 0; (at = sv_find(*rest, SV("begin "), at)) != SIZE_MAX; at++) {
        sv from = sv_skip(*rest, at);
        if ((at == 0 || rest->p[at - 1] == '\n') && is_begin(line_peek(from))) {
            *rest = from;
            return true;
        }
    }
    *rest = sv_skip(*rest, rest->n);
    return false;
}

/* Six bits of the character at i; lines that lost their trailing blanks read as if they had them. */
static uint32_t six(sv line, size_t i)
{
    return i < line.n ? ((uint32_t)(unsigned char)line.p[i] - 32U) & 63U : 0;
}

enum { LINE_MAX_OCTETS = 63 + 2 }; /* what six bits can say, in whole threes */

static void decode_line(buf *out, sv line)
{
    size_t n = six(line, 0);
    char decoded[LINE_MAX_OCTETS] = {0};
    for (size_t i = 1, k = 0; k < n && i < line.n; i += 4, k += 3) {
        uint32_t v = six(line, i) << 18 | six(line, i + 1) << 12 | six(line, i + 2) << 6 | six(line, i + 3);
        decoded[k] = (char)(v >> 16 & 0xFFU);
        decoded[k + 1] = (char)(v >> 8 & 0xFFU);
        decoded[k + 2] = (char)(v & 0xFFU);
    }
    buf_put(out, decoded, n);
}

bool uuencode_next(sv *rest, buf *out)
{
    sv line;
    if (!find_begin(rest) || !line_next(rest, &line))
        return false;
    /* A line of one sign may stand for 45 octets; a packed report has no such lines. */
    size_t most = out->n + rest->n;
    while (!out->failed && out->n < most && line_next(rest, &line) && !sv_eq(sv_trim(line), SV("end")))
        if (line.n)
            decode_line(out, line);
    out->n = out->n > most ? most : out->n;
    return true;
}
