#include "paint.h"

#include <libsmartcols.h>
#include <stdlib.h>

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

struct libscols_table *paint_table(const struct output *o, const struct column *columns, size_t n,
                                   unsigned indent)
{
    struct libscols_table *t = scols_new_table();
    if (t == NULL)
        return NULL;
    scols_table_enable_colors(t, o->options.color);
    scols_table_enable_noencoding(t, 1); /* cells are inert; it would escape the escapes once more */
    if (o->options.width > indent) {
        scols_table_set_termforce(t, SCOLS_TERMFORCE_ALWAYS);
        scols_table_set_termwidth(t, o->options.width - indent);
    }
    for (size_t i = 0; i < n; i++) {
        int flags = (columns[i].right ? SCOLS_FL_RIGHT : 0) | (columns[i].cut ? SCOLS_FL_TRUNC : 0);
        if (scols_table_new_column(t, columns[i].title, 0, flags) == NULL) {
            scols_unref_table(t);
            return NULL;
        }
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

void paint_print(struct output *o, struct libscols_table *t, unsigned indent)
{
    char *text = NULL;
    if (scols_print_table_to_string(t, &text) != 0)
        o->out_of_memory = true;
    sv rest = sv_c(text), line;
    while (sv_split(&rest, '\n', &line)) {
        buf_printf(&o->out, "%*s", (int)indent, "");
        buf_sv(&o->out, line);
        buf_char(&o->out, '\n');
        output_step(o);
    }
    free(text);
    scols_unref_table(t);
}
