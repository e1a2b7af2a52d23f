/* dmarcwarn silence: what is not told for a while. */
#include <stdio.h>

#include "base/clock.h"
#include "config/duration.h"
#include "deeds.h"
#include "hush.h"
#include "judge/judge.h"
#include "model/domain.h"
#include "say.h"
#include "store/silences.h"
#include "text/escape.h"

enum { OPT_FOR = OPT_OWN, OPT_AUTHOR, OPT_COMMENT };

enum { COMMENT_MAX = 1000 };

#define DAYS_STANDARD (30 * DAY_SECONDS)
#define DAYS_MOST     (SILENCE_DAYS_MOST * DAY_SECONDS)

static const struct opt options[] = {
    DEEDS_CONFIG,
    {OPT_FOR, 0, "for", "DURATION", "with add: how long, 30d unless given, at most 366d"},
    {OPT_AUTHOR, 0, "author", "NAME", "with add: who wants it (default: the login name)"},
    {OPT_COMMENT, 0, "comment", "TEXT", "with add: why; required"},
    {OPT_ALL, 0, "all", NULL, "with list: also those that have ended"},
    {0, 0, NULL, NULL, NULL},
};

static int silence_main(int argc, char **argv);

const struct command cmd_silence = {
    .name = "silence",
    .args = "add MATCHER… | list | expire ID…",
    .summary = "Keep what is known from being told for a while",
    .opts = options,
    .details =
        "MATCHER is rule=NAME, domain=NAME (\"*.NAME\" is every name below), tenant=NAME, sender=NAME or\n"
        "source=NETWORK, as notices name it. All of them must fit. Notices that wait to be sent are "
        "silenced,\n"
        "too. What still goes on when the silence ends is told then.\n\n"
        "Exit status: 0 done; 64 wrong usage; 65 there is no such silence; 73, 74 the state folder or disk;\n"
        "78 the configuration is wrong.\n",
    .run = silence_main,
};

struct silencing { /* the options of add */
    const char *author, *comment;
    int64_t length;
};

static bool take_option(void *own, int id, const char *value, struct err *e)
{
    struct silencing *s = own;
    switch (id) {
    case OPT_FOR:
        return (duration_parse(sv_c(value), &s->length) && s->length > 0 && s->length <= DAYS_MOST) ||
               err_set(e, ERR_USAGE, "--for=%s: write a duration of at most 366d, like 12h or 30d", value);
    case OPT_AUTHOR:
        s->author = value;
        return true;
    default:
        s->comment = value;
        return true;
    }
}

static bool take_matcher(arena *a, const char *word, struct silence_cfg *to, struct err *e)
{
    sv key = sv_c(word), value = SV_ABSENT;
    size_t equals = sv_find_char(key, '=', 0);
    if (equals != SIZE_MAX) {
        value = sv_skip(key, equals + 1);
        key = sv_first(key, equals);
    }
    if (value.n == 0)
        return err_set(e, ERR_USAGE,
                       "'%s' is no matcher; write one like rule=unknown_source or domain=example.com", word);
    enum rule_id rule;
    bool odd = false, below = sv_starts(value, SV("*."));
    if (sv_eq(key, SV("rule"))) {
        if (!rule_from_name(value, &rule))
            return err_set(e, ERR_USAGE, "'%.*s' is no rule; 'dmarcwarn rules' lists them", SV_ARG(value));
        to->rules |= UINT64_C(1) << rule;
    } else if (sv_eq(key, SV("tenant"))) {
        to->tenant = value;
    } else if (sv_eq(key, SV("domain"))) {
        sv name = domain_fold(a, sv_skip(value, below ? 2 : 0), &odd);
        to->domain = below ? arena_printf(a, "*.%.*s", SV_ARG(name)) : name;
    } else if (sv_eq(key, SV("sender")) || sv_eq(key, SV("source"))) {
        to->subject = value;
    } else {
        return err_set(e, ERR_USAGE,
                       "'%.*s' is nothing to match by; write rule, domain, tenant, sender or source",
                       SV_ARG(key));
    }
    return !odd || err_set(e, ERR_USAGE, "'%s': no domain name", word);
}

/* Something that goes on fits it: else it is a silence in advance, or a slip of the pen. */
static bool find_fit(struct deeds *d, const struct silence_cfg *s, bool *fits, struct err *e)
{
    struct incident *all;
    size_t n;
    const struct judge *judge = judge_prepare(&d->config, &d->arena);
    *fits = false;
    if (judge == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (!store_incidents(d->store, false, &d->arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < n && !*fits; i++) {
        size_t entry = judge_domain(judge, all[i].domain);
        struct silence_subject what = {.rule = all[i].rule,
                                       .tenant =
                                           entry == SIZE_MAX ? SV_ABSENT : d->config.domains[entry].tenant,
                                       .domain = all[i].domain,
                                       .subject = all[i].subject};
        *fits = silence_find(s, 1, &what, s->starts) != NULL;
    }
    return true;
}

static bool add(struct deeds *d, struct err *e)
{
    const struct silencing *s = d->own;
    int64_t id;
    struct silence_cfg silence = {.starts = clock_now(),
                                  .author = s->author ? sv_c(s->author) : deeds_login(&d->arena),
                                  .comment = sv_c(s->comment)};
    silence.ends = silence.starts + s->length;
    for (int i = 0; i < d->n_operands; i++)
        if (!take_matcher(&d->arena, d->operands[i], &silence, e))
            return false;
    if (d->n_operands == 0)
        return err_set(e, ERR_USAGE, "write at least one matcher, like domain=example.com");
    if (s->comment == NULL || silence.comment.n == 0 || silence.comment.n > COMMENT_MAX)
        return err_set(e, ERR_USAGE, "write why, in --comment (at most 1000 octets)");
    bool fits;
    if (!find_fit(d, &silence, &fits, e) || !store_silence_add(d->store, &silence, &id, e) ||
        !hush_waiting(d->store, &d->config, clock_now(), e))
        return false;
    if (!fits)
        say(SAY_WARNING,
            "the silence fits nothing that goes on now; 'dmarcwarn alerts list' shows what does");
    char until[CLOCK_TEXT];
    (void)printf("silence %lld until %s\n", (long long)id, clock_iso(silence.ends, until));
    return true;
}

static void put_matchers(const struct silence_cfg *s, buf *out)
{
    for (unsigned i = 0; i < RULE_END; i++)
        if (s->rules >> i & 1)
            buf_printf(out, " rule=%s", rule_name((enum rule_id)i));
    const struct {
        const char *key;
        sv value;
    } texts[] = {{"tenant", s->tenant}, {"domain", s->domain}, {"subject", s->subject}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (texts[i].value.n == 0)
            continue;
        buf_printf(out, " %s=", texts[i].key);
        text_terminal(out, texts[i].value);
    }
}

static void print_silence(const struct silence_cfg *s)
{
    char until[CLOCK_TEXT], id[24] = "file";
    buf line;
    buf_init(&line, KIB(16));
    if (s->id)
        (void)snprintf(id, sizeof id, "%lld", (long long)s->id);
    buf_printf(&line, "%-6s until %s ", id, clock_iso(s->ends, until));
    put_matchers(s, &line);
    buf_puts(&line, "  (");
    text_terminal(&line, s->author);
    buf_puts(&line, ": ");
    text_terminal(&line, s->comment);
    buf_puts(&line, ")");
    (void)printf("%.*s\n", (int)line.n, line.n ? line.p : "");
    buf_free(&line);
}

static bool list(struct deeds *d, struct err *e)
{
    struct silence_cfg *all;
    size_t n;
    int64_t from = d->all ? INT64_MIN : clock_now();
    if (!store_silences(d->store, from, &d->arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < d->config.n_silences; i++)
        if (d->config.silences[i].ends > from)
            print_silence(&d->config.silences[i]);
    for (size_t i = 0; i < n; i++)
        print_silence(&all[i]);
    return true;
}

static bool expire(struct deeds *d, struct err *e);

enum { OF_ADD = 1 << OPT_FOR | 1 << OPT_AUTHOR | 1 << OPT_COMMENT };

static const struct deed deeds[] = {{"add", add, 0, -1, ALL_UNKNOWN, OF_ADD},
                                    {"list", list, 0, 0, ALL_WIDENS, 0},
                                    {"expire", expire, 1, -1, ALL_UNKNOWN, 0}};

static const struct deed_table table = {.command = &cmd_silence,
                                        .deeds = deeds,
                                        .n = COUNT_OF(deeds),
                                        .option = take_option,
                                        .makes_store = true};

static bool expire(struct deeds *d, struct err *e)
{
    for (int i = 0; i < d->n_operands; i++) {
        int64_t id;
        bool known;
        if (!deeds_id(&table, d->operands[i], &id, e) ||
            !store_silence_expire(d->store, id, clock_now(), &known, e))
            return false;
        if (!known)
            return err_set(e, ERR_INPUT, "there is no silence %s that has not ended", d->operands[i]);
    }
    return true;
}

static int silence_main(int argc, char **argv)
{
    struct silencing own = {.length = DAYS_STANDARD};
    return deeds_main(&table, &own, argc, argv);
}
