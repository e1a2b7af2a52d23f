#include "paint.h"

#include <libsmartcols.h>
#include <stdlib.h>

#include "fit.h"
#include "text/escape.h"
#include "text/format.h"

void paint(struct output *o, enum paint style, sv text)
{
    static const char *const codes[] = {[PAINT_BOLD] = "\033[1m", [PAINT_DIM] = "\033[2m"};
    if (o->options.color)
        buf_puts(&o->out, codes[style]);
    text_terminal(&o->out, text);
    if (o->options.color)
        buf_puts(&o->out, "\033[0m");
}

void paint_count(buf *out, uint64_t n, const char *one, const char *many)
{
    text_number(out, n);
    buf_printf(out, " %s", n == 1 ? one : many);
}

struct libscols_table *paint_table(const struct output *o, const struct column *columns, size_t n)
{
    struct libscols_table *t = scols_new_table();
    if (t == NULL)
        return NULL;
    scols_table_enable_colors(t, o->options.color);
    scols_table_enable_noencoding(t, 1); /* cells are inert; it would escape the escapes once more */
    scols_table_set_termforce(t, SCOLS_TERMFORCE_NEVER); /* we fit it ourselves: it cuts without a mark */
    for (size_t i = 0; i < n; i++)
        if (scols_table_new_column(t, columns[i].title, 0, columns[i].right ? SCOLS_FL_RIGHT : 0) == NULL) {
            scols_unref_table(t);
            return NULL;
        }
    return t;
}

static bool set_cell(struct libscols_line *line, size_t column, sv text)
{
    buf b;
    buf_init(&b, SIZE_MAX / 2);
    text_terminal(&b, text.n ? text : SV("-"));
    buf_char(&b, '\0');
    bool ok = !b.failed && scols_line_set_data(line, column, b.p) == 0;
    buf_free(&b);
    return ok;
}

bool paint_row(struct libscols_table *t, const sv *cells, size_t n, bool bad)
{
    struct libscols_line *line = scols_table_new_line(t, NULL);
    bool ok = line && (!bad || scols_line_set_color(line, "red") == 0);
    for (size_t i = 0; i < n; i++)
        ok = ok && set_cell(line, i, cells[i]);
    return ok;
}

/* The texts of a row that found no room in it. */
static void print_rest(struct output *o, struct libscols_line *line, const struct column *columns, size_t n,
                       const bool *hidden, unsigned indent)
{
    for (size_t i = 0; i < n; i++) {
        sv text = fit_cell(line, i);
        if (hidden[i] && columns[i].fit != FIT_OR_OUT && !sv_eq(text, SV("-")))
            buf_printf(&o->out, "%*s%s  %.*s\n", (int)indent, "", columns[i].title, SV_ARG(text));
    }
}

static void print_left_out(struct output *o, const struct column *columns, size_t n, const bool *hidden)
{
    bool any = false;
    for (size_t i = 0; i < n; i++)
        if (hidden[i] && columns[i].fit == FIT_OR_OUT) {
            buf_printf(&o->out, "%s%s", any ? ", " : "no room for ", columns[i].title);
            any = true;
        }
    if (any)
        buf_char(&o->out, '\n');
}

void paint_print(struct output *o, struct libscols_table *t, const struct column *columns, size_t n,
                 unsigned indent)
{
    enum { FURTHER = 2, HEADING = 1 };
    char *text = NULL;
    bool hidden[PAINT_COLUMNS] = {false};
    size_t row = 0, room = o->options.width > indent ? o->options.width - indent : SIZE_MAX;
    if (!fit_table(t, columns, n, room, hidden) || scols_print_table_to_string(t, &text) != 0)
        o->out_of_memory = true;
    sv rest = sv_c(text), line;
    for (; sv_split(&rest, '\n', &line); row++) {
        buf_printf(&o->out, "%*s", (int)indent, "");
        buf_sv(&o->out, line);
        buf_char(&o->out, '\n');
        if (row >= HEADING && row - HEADING < scols_table_get_nlines(t))
            print_rest(o, scols_table_get_line(t, row - HEADING), columns, n, hidden, indent + FURTHER);
        output_step(o);
    }
    print_left_out(o, columns, n, hidden);
    free(text);
    scols_unref_table(t);
}
