/* The reference of keys and limits for the manual page, out of the tables that the program works by. */
#include "config/config.h"
#include "load.h"
#include "model/rule.h"

static const char *const kind_words[] = {
#define KIND_WORDS(name, words) [KIND_##name] = words,
    KINDS(KIND_WORDS)
#undef KIND_WORDS
};

/* scdoc takes a backslash before what it would read as markup. */
static void put_escaped(buf *out, const char *text, const char *markup)
{
    for (; *text; text++) {
        if (strchr(markup, *text))
            buf_char(out, '\\');
        buf_char(out, *text);
    }
}

static void put_plain(buf *out, const char *text)
{
    put_escaped(out, text, "\\_*<>#[].~");
}

static void put_path(buf *out, const char *path)
{
    buf words;
    buf_init(&words, KIB(1));
    schema_put_path(&words, sv_c(path));
    buf_char(&words, '\0');
    put_escaped(out, words.p ? words.p : "", "_[]");
    buf_free(&words);
}

static void put_types(buf *out, const struct key *k)
{
    const char *before = ", type ";
    for (unsigned t = 0; k->only >> t; t++) {
        if ((k->only >> t & 1) == 0)
            continue;
        buf_printf(out, "%s%s", before, schema_type_word(k, t));
        before = " or ";
    }
    if (k->only)
        buf_puts(out, " only");
}

static void put_key(buf *out, const struct key *k)
{
    buf_char(out, '*');
    put_path(out, k->path);
    buf_printf(out, "* (%s%s", kind_words[k->kind], k->required ? ", required" : "");
    put_types(out, k);
    if (k->def) {
        buf_puts(out, ", default ");
        put_plain(out, k->def);
    }
    if (k->kind == KIND_number || k->kind == KIND_factor)
        buf_printf(out, ", %lld to %lld", (long long)k->min, (long long)k->max);
    buf_puts(out, ")\n\t");
    put_plain(out, k->help);
    buf_puts(out, "\n\n");
}

/* The text of one of the rule's lines, escaped. */
static void put_line(buf *out, buf *line)
{
    buf_char(line, '\0');
    put_plain(out, line->p ? line->p : "");
    buf_free(line);
}

static void put_rule(buf *out, enum rule_id id)
{
    const struct rule *rule = rule_standard(id);
    buf numbers, knobs;
    buf_init(&numbers, KIB(1));
    buf_init(&knobs, KIB(1));
    rule_put_numbers(&numbers, rule);
    rule_put_knobs(&knobs, id);
    buf_char(out, '*');
    put_path(out, rule_name(id));
    buf_printf(out, "* (named after the %s, %s)\n\t", rule_subject_name(rule->subject),
               rule_evidence_name(rule->evidence));
    put_plain(out, rule_sentence(id));
    buf_puts(out, ". ");
    put_line(out, &numbers);
    buf_puts(out, ".++\n\tKnobs: ");
    put_line(out, &knobs);
    buf_puts(out, ".\n\n");
}

static void put_limit(buf *out, const struct limit_info *l)
{
    buf_char(out, '*');
    put_path(out, l->name);
    buf_printf(out, "* %llu %s, at most %llu\n\t", (unsigned long long)l->def, l->unit,
               (unsigned long long)l->ceiling);
    put_plain(out, l->reason);
    buf_puts(out, "\n\n");
}

void config_reference(buf *out)
{
    size_t n;
    unsigned n_limits;
    const struct key *keys = schema(&n);
    const struct limit_info *limits = limits_table(&n_limits);
    buf_puts(out, "# KEYS\n\n");
    for (size_t i = 0; i < n; i++)
        put_key(out, &keys[i]);
    buf_puts(out, "# RULES\n\n");
    for (unsigned i = 0; i < RULE_END; i++)
        put_rule(out, (enum rule_id)i);
    buf_puts(out, "# LIMITS\n\n");
    for (unsigned i = 0; i < n_limits; i++)
        put_limit(out, &limits[i]);
}
