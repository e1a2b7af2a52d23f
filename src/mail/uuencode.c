/* uuencode as POSIX describes it. */
#include "uuencode.h"

#include "line.h"

static bool is_begin(sv line)
{
    if (!sv_starts(line, SV("begin ")))
        return false;
    sv mode = sv_skip(line, 6);
    size_t digits = 0;
    while (digits < mode.n && mode.p[digits] >= '0' && mode.p[digits] <= '7')
        digits++;
    return (digits == 3 || digits == 4) && digits < mode.n && mode.p[digits] == ' ';
}

/* Six bits of the character at i; lines that lost their trailing blanks read as if they had them. */
static uint32_t six(sv line, size_t i)
{
    return i < line.n ? ((uint32_t)(unsigned char)line.p[i] - 32U) & 63U : 0;
}

static void decode_line(buf *out, sv line)
{
    size_t n = six(line, 0);
    for (size_t i = 1; n > 0; i += 4) {
        uint32_t v = six(line, i) << 18 | six(line, i + 1) << 12 | six(line, i + 2) << 6 | six(line, i + 3);
        char three[3] = {(char)(v >> 16 & 0xFFU), (char)(v >> 8 & 0xFFU), (char)(v & 0xFFU)};
        size_t have = n < 3 ? n : 3;
        buf_put(out, three, have);
        n -= have;
    }
}

bool uuencode_next(sv *rest, buf *out)
{
    sv line;
    do {
        if (!line_next(rest, &line))
            return false;
    } while (!is_begin(line));
    while (line_next(rest, &line) && !sv_eq(sv_trim(line), SV("end")))
        if (line.n)
            decode_line(out, line);
    return true;
}
