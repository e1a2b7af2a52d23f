#include "problem.h"

#include <stdio.h>

#include "base/utf8.h"

static const struct {
    const char *code, *text;
} texts[] = {
#define PROBLEM_TEXT(code, text) {#code, text},
    PROBLEMS(PROBLEM_TEXT)
#undef PROBLEM_TEXT
};

void problems_start(struct problems *p, struct config_errors *out, size_t cap, arena *a)
{
    *out = (struct config_errors){.list = arena_array(a, cap, sizeof *out->list)};
    *p = (struct problems){.out = out, .cap = out->list ? cap : 0};
}

static bool is_before(struct place at, const struct config_error *other)
{
    int by_file = sv_cmp(at.file, other->file);
    if (by_file)
        return by_file < 0;
    return at.line != other->line ? at.line < other->line : at.column < other->column;
}

/* A free slot of the sorted list for an error at this place, or NULL when it lies behind a full list. */
static struct config_error *slot_for(struct problems *p, struct place at)
{
    struct config_errors *out = p->out;
    size_t i = out->n;
    while (i > 0 && is_before(at, &out->list[i - 1]))
        i--;
    if (out->n == p->cap)
        out->more++;
    if (i == p->cap)
        return NULL;
    size_t last = out->n < p->cap ? out->n++ : out->n - 1;
    memmove(&out->list[i + 1], &out->list[i], (last - i) * sizeof *out->list);
    return &out->list[i];
}

static size_t append(char *to, size_t n, sv part)
{
    part = utf8_cut(part, CONFIG_TEXT - 1 - n);
    if (part.n)
        memcpy(to + n, part.p, part.n);
    return n + part.n;
}

static void compose(char to[CONFIG_TEXT], sv form, const sv *args, size_t n_args)
{
    size_t n = 0, used = 0;
    for (size_t at; used < n_args && (at = sv_find(form, SV("{}"), 0)) != SIZE_MAX; used++) {
        n = append(to, n, sv_first(form, at));
        n = append(to, n, args[used]);
        form = sv_skip(form, at + 2);
    }
    to[append(to, n, form)] = '\0';
}

static void note_suspect(struct problems *p, sv file)
{
    for (size_t i = 0; i < p->n_suspects; i++) {
        if (p->suspects[i].file.p == file.p) {
            p->suspects[i].failed = true;
            return;
        }
    }
    p->main_failed = true;
}

void problem_copy(struct problems *p, const struct config_error *e)
{
    struct config_error *to = slot_for(p, (struct place){e->file, e->line, e->column});
    if (to)
        *to = *e;
}

void problem_add(struct problems *p, struct place at, enum problem id, const sv *args, size_t n)
{
    note_suspect(p, at.file);
    struct config_error *e = slot_for(p, at);
    if (e == NULL)
        return;
    *e = (struct config_error){.file = at.file,
                               .line = at.line,
                               .column = at.column,
                               .code = texts[id].code,
                               .is_warning = p->are_warnings};
    compose(e->text, sv_c(texts[id].text), args, n);
}

void problem_no_memory(struct config_errors *out, sv file)
{
    static struct config_error only;
    *out = (struct config_errors){.list = &only};
    struct problems p = {.out = out, .cap = 1};
    PROBLEM(&p, ((struct place){.file = file}), out_of_memory);
}

sv number_sv(uint64_t v, struct number_text *room)
{
    int n = snprintf(room->text, sizeof room->text, "%llu", (unsigned long long)v);
    return sv_of(room->text, (size_t)n);
}

void config_error_print(const struct config_error *error, buf *out)
{
    buf_sv(out, error->file);
    if (error->line)
        buf_printf(out, ":%u:%u", error->line, error->column);
    buf_printf(out, ": %s: %s\n", error->is_warning ? "warning" : "error", error->text);
}
