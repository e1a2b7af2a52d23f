#include "base/attr.h"
#include "base/utf8.h"
#include "text/escape.h"
#include "walk.h"

/* Line ends and tabs are data inside quotes. */
static const struct text_swap swaps[] = {{'"', "\"\""}, {'\r', "\r"}, {'\n', "\n"}, {'\t', "\t"}};

static bool needs_quotes(sv s)
{
    if (s.n > 0 && (ascii_is_blank(s.p[0]) || ascii_is_blank(s.p[s.n - 1])))
        return true;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\r' || s.p[i] == '\n')
            return true;
    }
    return false;
}

/* Excel also computes the full-width forms of the signs. */
static bool is_formula(sv s)
{
    static const uint32_t signs[] = {'=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    if (s.n > 0 && (s.p[0] == '\t' || s.p[0] == '\r'))
        return true;
    uint32_t cp;
    if (utf8_decode(sv_trim(s), &cp) == 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (cp == signs[i])
            return true;
    }
    return false;
}

static void put_cell(buf *out, sv s, bool guard)
{
    bool quotes = guard || needs_quotes(s);
    if (quotes)
        buf_char(out, '"');
    if (guard)
        buf_char(out, '\'');
    text_swap(out, s, swaps, COUNT_OF(swaps));
    if (quotes)
        buf_char(out, '"');
}

void text_csv(buf *out, sv s)
{
    put_cell(out, s, is_formula(s));
}

void text_csv_raw(buf *out, sv s)
{
    put_cell(out, s, false);
}
