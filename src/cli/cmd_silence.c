/* dmarcwarn silence: what is not told for a while. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/nearest.h"
#include "base/num.h"
#include "config/duration.h"
#include "hush.h"
#include "load_config.h"
#include "model/domain.h"
#include "say.h"
#include "store/silences.h"
#include "text/escape.h"

enum { OPT_CONFIG = 1, OPT_FOR, OPT_AUTHOR, OPT_COMMENT, OPT_ALL };

enum { COMMENT_MAX = 1000 };

#define DAYS_STANDARD (30 * DAY_SECONDS)
#define DAYS_MOST     (366 * DAY_SECONDS)

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
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

struct silencing {
    struct common common;
    const char *path, *author, *comment;
    int64_t length;
    bool all;
    arena arena;
    struct config config;
    struct store *store;
    char **operands;
    int n_operands;
};

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct silencing *s = ctx;
    switch (id) {
    case OPT_CONFIG:
        s->path = value;
        return true;
    case OPT_FOR:
        return (duration_parse(sv_c(value), &s->length) && s->length > 0 && s->length <= DAYS_MOST) ||
               err_set(e, ERR_USAGE, "--for=%s: write a duration of at most 366d, like 12h or 30d", value);
    case OPT_AUTHOR:
        s->author = value;
        return true;
    case OPT_COMMENT:
        s->comment = value;
        return true;
    default:
        s->all = true;
        return true;
    }
}

static bool take_matcher(struct silencing *s, const char *word, struct silence_cfg *to, struct err *e)
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
        sv name = domain_fold(&s->arena, sv_skip(value, below ? 2 : 0), &odd);
        to->domain = below ? arena_printf(&s->arena, "*.%.*s", SV_ARG(name)) : name;
    } else if (sv_eq(key, SV("sender")) || sv_eq(key, SV("source"))) {
        to->subject = value;
    } else {
        return err_set(e, ERR_USAGE,
                       "'%.*s' is nothing to match by; write rule, domain, tenant, sender or source",
                       SV_ARG(key));
    }
    return !odd || err_set(e, ERR_USAGE, "'%s': no domain name", word);
}

static sv login_name(struct silencing *s)
{
    const char *sudo = getenv("SUDO_USER");
    const struct passwd *p = getpwuid(getuid());
    if (s->author)
        return sv_c(s->author);
    return arena_sv(&s->arena, sv_c(sudo && sudo[0] ? sudo : p ? p->pw_name : "somebody"));
}

static bool add(struct silencing *s, struct err *e)
{
    int64_t id;
    struct silence_cfg silence = {
        .starts = clock_now(), .author = login_name(s), .comment = sv_c(s->comment)};
    silence.ends = silence.starts + s->length;
    for (int i = 0; i < s->n_operands; i++)
        if (!take_matcher(s, s->operands[i], &silence, e))
            return false;
    if (s->n_operands == 0)
        return err_set(e, ERR_USAGE, "write at least one matcher, like domain=example.com");
    if (s->comment == NULL || silence.comment.n == 0 || silence.comment.n > COMMENT_MAX)
        return err_set(e, ERR_USAGE, "write why, in --comment (at most 1000 octets)");
    if (!store_silence_add(s->store, &silence, &id, e) || !hush_waiting(s->store, &s->config, clock_now(), e))
        return false;
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

static bool list(struct silencing *s, struct err *e)
{
    struct silence_cfg *all;
    size_t n;
    int64_t from = s->all ? INT64_MIN : clock_now();
    if (!store_silences(s->store, from, &s->arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < s->config.n_silences; i++)
        if (s->config.silences[i].ends > from)
            print_silence(&s->config.silences[i]);
    for (size_t i = 0; i < n; i++)
        print_silence(&all[i]);
    return true;
}

static bool expire(struct silencing *s, struct err *e)
{
    if (s->n_operands == 0)
        return err_set(e, ERR_USAGE, "write which; 'silence list' shows them");
    for (int i = 0; i < s->n_operands; i++) {
        uint64_t id;
        bool known;
        if (!num_u64(sv_c(s->operands[i]), INT64_MAX, &id))
            return err_set(e, ERR_USAGE, "'%s' is no ID; 'silence list' shows them", s->operands[i]);
        if (!store_silence_expire(s->store, (int64_t)id, clock_now(), &known, e))
            return false;
        if (!known)
            return err_set(e, ERR_INPUT, "there is no silence %s that has not ended", s->operands[i]);
    }
    return true;
}

static const struct deed {
    const char *name;
    bool (*run)(struct silencing *s, struct err *e);
} deeds[] = {{"add", add}, {"list", list}, {"expire", expire}};

static const struct deed *find_deed(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(deeds); i++)
        if (strcmp(deeds[i].name, name) == 0)
            return &deeds[i];
    return NULL;
}

static int silence_main(int argc, char **argv)
{
    struct silencing s = {.path = CONFIG_PATH, .length = DAYS_STANDARD};
    struct opts o;
    struct err e = {0};
    opts_start(&o, &cmd_silence, argc, argv);
    if (!common_parse(&s.common, &cmd_silence, &o, take_option, &s, &e))
        return common_give_up(&s.common, &cmd_silence, &e);
    const struct deed *d = find_deed(o.n_operands ? o.operands[0] : NULL);
    if (d == NULL) {
        (void)err_set(&e, ERR_USAGE, "write what to do: add, list or expire");
        return common_give_up(&s.common, &cmd_silence, &e);
    }
    s.operands = o.operands + 1;
    s.n_operands = o.n_operands - 1;
    arena_init(&s.arena, CONFIG_MEMORY);
    bool ok = load_config(&s.common, s.path, &s.arena, &s.config, &e) &&
              store_open(s.config.state_path, &s.config.limits, &s.store, &e) && d->run(&s, &e);
    store_close(s.store);
    int code = ok ? 0 : say_err(&e);
    arena_free(&s.arena);
    return code;
}
