#include "fit.h"

#include <libsmartcols.h>
#include <wchar.h>

#include "base/utf8.h"

/* A text that is shown at all gets as much as this, if it needs it. */
enum { LEAST = 24 };

static size_t step(sv rest, size_t *width)
{
    uint32_t cp;
    size_t n = utf8_decode(rest, &cp);
    int w = n ? wcwidth((wchar_t)cp) : 1;
    *width = w < 0 ? 1 : (size_t)w;
    return n ? n : 1;
}

/* The octets of text that take at most `columns` columns. */
static size_t octets_of(sv text, size_t columns)
{
    size_t at = 0, width;
    while (at < text.n) {
        size_t n = step(sv_skip(text, at), &width);
        if (width > columns)
            break;
        columns -= width;
        at += n;
    }
    return at;
}

size_t fit_width(sv text)
{
    size_t sum = 0, width;
    for (size_t at = 0; at < text.n; sum += width)
        at += step(sv_skip(text, at), &width);
    return sum;
}

void fit_text(buf *out, sv text, size_t columns, bool is_domain)
{
    size_t width = fit_width(text), one;
    if (width <= columns || columns == 0) {
        buf_sv(out, text);
        return;
    }
    if (!is_domain)
        buf_sv(out, sv_of(text.p, octets_of(text, columns - 1)));
    buf_puts(out, "…");
    if (!is_domain)
        return;
    for (; width > columns - 1; width -= one)
        text = sv_skip(text, step(text, &one));
    buf_sv(out, text);
}

sv fit_cell(struct libscols_line *line, size_t column)
{
    const char *text = scols_cell_get_data(scols_line_get_cell(line, column));
    return sv_c(text ? text : "-");
}

static sv cell(struct libscols_table *t, size_t row, size_t column)
{
    return fit_cell(scols_table_get_line(t, row), column);
}

static size_t column_width(struct libscols_table *t, const struct column *c, size_t column)
{
    size_t widest = sv_c(c->title).n;
    for (size_t row = 0; row < scols_table_get_nlines(t); row++) {
        size_t width = fit_width(cell(t, row, column));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static bool can_be_cut(const struct column *c)
{
    return c->fit == FIT_TEXT || c->fit == FIT_DOMAIN;
}

/* Takes away columns from the right until the others have what they need at least; returns the room that is
 * left. */
static size_t hide(const struct column *columns, const size_t *widths, size_t n, size_t room, bool *hidden)
{
    size_t need = 0;
    for (size_t i = 0; i < n; i++)
        need += (i > 0) + (can_be_cut(&columns[i]) && widths[i] > LEAST ? LEAST : widths[i]);
    for (size_t i = n; i-- > 1 && need > room;) {
        hidden[i] = columns[i].fit != FIT_WHOLE;
        if (hidden[i])
            need -= 1 + (can_be_cut(&columns[i]) && widths[i] > LEAST ? LEAST : widths[i]);
    }
    return need > room ? 0 : room - need;
}

static bool cut_column(struct libscols_table *t, size_t column, size_t width, bool is_domain)
{
    bool ok = true;
    for (size_t row = 0; ok && row < scols_table_get_nlines(t); row++) {
        buf b CLEANUP(buf_free);
        buf_init(&b, SIZE_MAX / 2);
        sv text = cell(t, row, column);
        if (fit_width(text) <= width)
            continue;
        fit_text(&b, text, width, is_domain);
        buf_char(&b, '\0');
        ok = !b.failed && scols_line_set_data(scols_table_get_line(t, row), column, b.p) == 0;
    }
    return ok;
}

bool fit_table(struct libscols_table *t, const struct column *columns, size_t n, size_t room, bool *hidden)
{
    size_t widths[PAINT_COLUMNS];
    for (size_t i = 0; i < n; i++)
        widths[i] = column_width(t, &columns[i], i);
    size_t left = hide(columns, widths, n, room, hidden);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        if (hidden[i]) {
            ok = scols_column_set_flags(scols_table_get_column(t, i), SCOLS_FL_HIDDEN) == 0;
        } else if (can_be_cut(&columns[i]) && widths[i] > LEAST) {
            size_t more = widths[i] - LEAST < left ? widths[i] - LEAST : left;
            left -= more;
            ok = cut_column(t, i, LEAST + more, columns[i].fit == FIT_DOMAIN);
        }
    }
    return ok;
}
