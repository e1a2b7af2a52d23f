/* A filter for the source of dmarcwarn-codes(7): the lines ";NOTES", ";REJECTS", ";NOT_REPORTS" and ";LINTS"
 * become the lists that the program works by, everything else is passed on. */
#include <stdio.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/file.h"
#include "model/lint.h"
#include "model/notes.h"
#include "model/rejects.h"

enum { PAGE_SIZE = 1 << 20 };

/* scdoc takes a backslash before what it would read as markup. */
static void put_plain(buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\_*<>#[].~`", *text))
            buf_char(out, '\\');
        buf_char(out, *text);
    }
}

static void put_code(buf *out, const char *code, const char *sentence)
{
    buf_char(out, '*');
    put_plain(out, code);
    buf_puts(out, "*\n\t");
    put_plain(out, sentence);
}

struct item {
    const char *code, *sentence, *example;
};

#define ITEM(code, sentence, example) {#code, sentence, example},
static const struct item notes[] = {NOTES(ITEM)};
static const struct item rejects[] = {REJECTS(ITEM)};
static const struct item not_reports[] = {NOT_REPORTS(ITEM)};
#undef ITEM

static void put_example(buf *out, const struct item *item)
{
    put_code(out, item->code, item->sentence);
    buf_puts(out, ". For example: ");
    put_plain(out, item->example);
    buf_puts(out, "\n\n");
}

static void put_items(buf *out, const struct item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_example(out, &items[i]);
}

static void put_notes(buf *out)
{
    put_items(out, notes, COUNT_OF(notes));
}

static void put_rejects(buf *out)
{
    put_items(out, rejects, COUNT_OF(rejects));
}

static void put_not_reports(buf *out)
{
    put_items(out, not_reports, COUNT_OF(not_reports));
}

static void put_lints(buf *out)
{
    static const enum dialect dialects[] = {DIALECT_RFC9990, DIALECT_RFC7489};
    for (unsigned l = 0; l < LINT_END; l++) {
        const char *before = ". ";
        put_code(out, lint_code((enum lint)l), lint_sentence((enum lint)l));
        for (size_t i = 0; i < COUNT_OF(dialects); i++) {
            if (lint_clause((enum lint)l, dialects[i])[0] == '\0')
                continue;
            buf_printf(out, "%s%s ", before, lint_standard(dialects[i]));
            put_plain(out, lint_clause((enum lint)l, dialects[i]));
            before = ", ";
        }
        buf_puts(out, "\n\n");
    }
}

static const struct {
    sv line;
    void (*put)(buf *out);
} lists[] = {
    {SV_INIT(";NOTES"), put_notes},
    {SV_INIT(";REJECTS"), put_rejects},
    {SV_INIT(";NOT_REPORTS"), put_not_reports},
    {SV_INIT(";LINTS"), put_lints},
};

static void put_line(buf *out, sv line)
{
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (sv_eq(line, lists[i].line)) {
            lists[i].put(out);
            return;
        }
    buf_sv(out, line);
    buf_char(out, '\n');
}

int main(void)
{
    buf page CLEANUP(buf_free), out CLEANUP(buf_free);
    struct err e;
    sv line;
    buf_init(&page, PAGE_SIZE);
    buf_init(&out, PAGE_SIZE);
    if (!file_read_fd(STDIN_FILENO, "the page", &page, &e)) {
        (void)fprintf(stderr, "%s\n", e.msg);
        return 1;
    }
    for (sv rest = buf_view(&page); sv_split(&rest, '\n', &line);)
        if (line.n || rest.n)
            put_line(&out, line);
    return !out.failed && fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0 ? 0 : 1;
}
