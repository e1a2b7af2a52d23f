#include "auth-field.h"

#include "model/domain.h"

enum {
    NAME_MAX = 64,   /* a method or "ptype.property"; no known one has more than 20 */
    VALUE_MAX = 1024 /* an address may have 254 octets (RFC 5321 4.5.3.1), those of some servers more */
};

/* A cursor; bad is sticky: the field is not well-formed. */
struct scan {
    sv rest;
    bool bad;
};

/* A name or value with quotes, folds and comments undone. */
struct text {
    char p[VALUE_MAX];
    size_t n;
    bool cut; /* longer */
    bool odd; /* a comment touches it: what it is, readers differ on */
};

struct pair {
    struct text name, value;
    bool has_value;
};

static sv text_view(const struct text *t)
{
    return t->cut || t->odd ? SV("") : sv_of(t->p, t->n);
}

static void text_start(struct text *t)
{
    t->n = 0;
    t->cut = t->odd = false;
}

static void text_add(struct text *t, char c, size_t max)
{
    t->cut = t->cut || t->n == max;
    if (!t->cut)
        t->p[t->n++] = c;
}

static bool at_end(const struct scan *s)
{
    return s->bad || s->rest.n == 0;
}

static char take(struct scan *s)
{
    char c = s->rest.p[0];
    s->rest = sv_skip(s->rest, 1);
    return c;
}

/* A comment, which begins here (RFC 5322 3.2.2). */
static void skip_comment(struct scan *s)
{
    size_t depth = 0;
    do {
        if (s->rest.n == 0) {
            s->bad = true;
            return;
        }
        char c = take(s);
        if (c == '\\')
            s->rest = sv_skip(s->rest, 1);
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
    } while (depth > 0);
}

static void skip_cfws(struct scan *s)
{
    while (!at_end(s)) {
        if (s->rest.p[0] == '(')
            skip_comment(s);
        else if (ascii_is_blank(s->rest.p[0]))
            s->rest = sv_skip(s->rest, 1);
        else
            return;
    }
}

/* A quoted string, which begins here (RFC 5322 3.2.4). */
static void take_quoted(struct scan *s, struct text *to)
{
    (void)take(s);
    while (s->rest.n > 0) {
        char c = take(s);
        if (c == '"')
            return;
        if (c == '\\' && s->rest.n > 0)
            c = take(s);
        if (c != '\r' && c != '\n')
            text_add(to, c, VALUE_MAX);
    }
    s->bad = true;
}

/* What no name holds, nor a value outside quotes. */
static bool ends_word(char c)
{
    return ascii_is_blank(c) || c == ';' || c == '(' || c == ')' || c == '"';
}

/* "dmarc", "header.from", "dkim / 1": blanks and comments may stand around '.' and '/'. */
static void take_name(struct scan *s, struct text *to)
{
    text_start(to);
    for (;;) {
        while (!at_end(s) && !ends_word(s->rest.p[0]) && s->rest.p[0] != '=')
            text_add(to, ascii_lower(take(s)), NAME_MAX);
        struct scan ahead = *s;
        skip_cfws(&ahead);
        bool joined = to->n > 0 && (to->p[to->n - 1] == '.' || to->p[to->n - 1] == '/');
        bool joins = ahead.rest.n > 0 && (ahead.rest.p[0] == '.' || ahead.rest.p[0] == '/');
        if (to->n == 0 || ahead.bad || at_end(&ahead) || (!joined && !joins) || ahead.rest.n == s->rest.n ||
            ends_word(ahead.rest.p[0]))
            return;
        *s = ahead;
    }
}

static void take_value(struct scan *s, struct text *to)
{
    text_start(to);
    while (!at_end(s)) {
        if (s->rest.p[0] == '"')
            take_quoted(s, to);
        else if (ends_word(s->rest.p[0]))
            break;
        else
            text_add(to, take(s), VALUE_MAX);
    }
    to->odd = !at_end(s) && to->n > 0 && (s->rest.p[0] == '(' || s->rest.p[0] == ')');
}

/* The next "name=value", or name alone, before the ';' or end. */
static bool take_pair(struct scan *s, struct pair *p)
{
    skip_cfws(s);
    if (at_end(s) || s->rest.p[0] == ';')
        return false;
    take_name(s, &p->name);
    struct scan ahead = *s;
    skip_cfws(&ahead);
    p->has_value = !at_end(&ahead) && ahead.rest.p[0] == '=';
    if (p->has_value) {
        *s = ahead;
        (void)take(s);
        skip_cfws(s);
        take_value(s, &p->value);
    } else if (p->name.n == 0) {
        take_value(s, &p->value); /* a word without a name: passed over */
        if (!at_end(s) && s->rest.p[0] == ')')
            s->bad = true;
    }
    return !s->bad;
}

/* The domain of an address, or the domain itself; absent when it is none that is certain. */
static sv domain_in(const struct text *value, arena *a)
{
    sv v = sv_trim(text_view(value)), domain = domain_of_address(v);
    if (domain.p == NULL)
        domain = v;
    while (domain.n > 0 && domain.p[domain.n - 1] == '.')
        domain.n--;
    return domain_is_plain(domain) ? domain_fold(a, domain, NULL) : SV_ABSENT;
}

/* A property that says two different things says nothing; one that cannot be read neither. */
struct property {
    sv domain;
    bool seen, contradicts;
    bool said; /* and not empty, whether or not it could be read */
};

static void property_add(struct property *p, const struct text *value, arena *a)
{
    sv domain = domain_in(value, a);
    p->contradicts = p->contradicts || (p->seen && !sv_eq(p->domain, domain));
    p->domain = domain;
    p->seen = true;
    p->said = p->said || (value->n > 0 && !sv_eq(sv_of(value->p, value->n), SV("<>")));
}

static sv property_domain(const struct property *p)
{
    return p->contradicts ? SV_ABSENT : p->domain;
}

/* SPF asks for the name of the greeting where there is no sender (RFC 7208 2.4). Where there was one, that
 * name was never asked for, however little of the sender we can read: it is whatever the client chose. */
static sv greeting(const struct property *helo, const struct property *sender)
{
    return sender->said ? SV_ABSENT : property_domain(helo);
}

enum role { ROLE_DOMAIN, ROLE_SECOND, ROLE_HELO, ROLE_COUNT };

/* RFC 8601 2.7; smtp.mail and header.from of SPF's elder sisters as older servers write them. */
static const struct {
    enum auth_method method;
    sv name;
    enum role role;
} properties[] = {
    {AUTH_METHOD_dmarc, SV_INIT("header.from"), ROLE_DOMAIN},
    {AUTH_METHOD_dkim, SV_INIT("header.d"), ROLE_DOMAIN},
    {AUTH_METHOD_dkim, SV_INIT("header.i"), ROLE_SECOND},
    {AUTH_METHOD_spf, SV_INIT("smtp.mailfrom"), ROLE_DOMAIN},
    {AUTH_METHOD_spf, SV_INIT("smtp.mail"), ROLE_DOMAIN},
    {AUTH_METHOD_spf, SV_INIT("smtp.helo"), ROLE_HELO},
};

static void take_property(const struct pair *p, enum auth_method method, struct property *found, arena *a)
{
    for (size_t i = 0; p->has_value && i < COUNT_OF(properties); i++)
        if (properties[i].method == method && sv_eq(text_view(&p->name), properties[i].name))
            property_add(&found[properties[i].role], &p->value, a);
}

static void put_statement(struct auth_room *room, const struct auth_statement *s)
{
    room->full = room->full || room->n == room->max;
    if (!room->full)
        room->p[room->n++] = *s;
}

/* "dmarc" or "dmarc/1"; another version of the method is none that we know (RFC 8601 2.6). */
static bool read_method(sv name, enum auth_method *out)
{
    size_t slash = sv_find_char(name, '/', 0);
    if (slash != SIZE_MAX && !sv_eq(sv_skip(name, slash + 1), SV("1")))
        return false;
    return auth_method_from_name(slash == SIZE_MAX ? name : sv_first(name, slash), out);
}

/* The word of a result, which a comment may touch: "pass(p=reject)" (Yahoo). */
static enum auth_result read_result(const struct text *value)
{
    return value->cut ? AUTH_RESULT_unknown : auth_result_from_name(sv_of(value->p, value->n));
}

/* All up to the next ';': a method with its result, then its properties. Statements without a method
 * ("envelope-from=…" of Amazon SES, a domain alone of old Exchange) are passed over. */
static void read_statement(struct scan *s, struct auth_room *room, arena *a)
{
    struct pair p;
    struct property found[ROLE_COUNT] = {{.seen = false}};
    struct auth_statement out = {.method = AUTH_METHOD_END};
    for (bool first = true; take_pair(s, &p); first = false) {
        if (!first)
            take_property(&p, out.method, found, a);
        else if (p.has_value && read_method(text_view(&p.name), &out.method))
            out.result = read_result(&p.value);
    }
    if (s->bad || out.method == AUTH_METHOD_END)
        return;
    out.domain = property_domain(&found[found[ROLE_DOMAIN].seen ? ROLE_DOMAIN : ROLE_SECOND]);
    out.helo = greeting(&found[ROLE_HELO], &found[ROLE_DOMAIN]);
    put_statement(room, &out);
}

/* The next ';' is passed; false at the end. */
static bool next_statement(struct scan *s)
{
    struct pair p;
    while (take_pair(s, &p))
        continue;
    if (at_end(s))
        return false;
    (void)take(s);
    return true;
}

static sv lowered(const struct text *t, arena *a)
{
    sv v = text_view(t);
    char *to = arena_alloc(a, v.n);
    for (size_t i = 0; to && i < v.n; i++)
        to[i] = ascii_lower(v.p[i]);
    return to ? sv_of(to, v.n) : SV_ABSENT;
}

static bool is_printable(sv id)
{
    for (size_t i = 0; i < id.n; i++)
        if ((unsigned char)id.p[i] <= ' ' || (unsigned char)id.p[i] >= 0x7F)
            return false;
    return id.n <= DOMAIN_MAX;
}

/* Nothing but digits, and not 1. */
static bool is_other_version(sv word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!ascii_is_digit(word.p[i]))
            return false;
    return word.n > 0 && !sv_eq(word, SV("1"));
}

/* authserv-id and version; where the first word is a method, there are none. False: a version that we do
 * not know. */
static bool read_head(struct scan *s, arena *a, struct auth_field *f)
{
    struct scan start = *s;
    struct pair p;
    struct text id;
    skip_cfws(s);
    take_value(s, &id);
    struct scan ahead = start;
    if (take_pair(&ahead, &p) && p.has_value) {
        *s = start;
        f->id = SV_ABSENT;
        return true;
    }
    id.odd = false; /* "mx.example.com(amavisd-new)" */
    f->id = lowered(&id, a);
    if (!is_printable(f->id))
        f->id = SV("");
    skip_cfws(s);
    struct text version;
    take_value(s, &version);
    bool known = !is_other_version(text_view(&version));
    return next_statement(s) && known;
}

void auth_read_results(sv raw, struct auth_room *room, arena *a, struct auth_field *f)
{
    struct scan s = {.rest = raw};
    size_t start = room->n;
    if (read_head(&s, a, f)) {
        do
            read_statement(&s, room, a);
        while (next_statement(&s));
    }
    if (s.bad)
        room->n = start;
    f->statements = room->p + start;
    f->n_statements = room->n - start;
}

struct received_spf {
    struct property envelope, helo, receiver;
    bool of_helo;
};

static void take_spf_pair(struct received_spf *to, const struct pair *p, arena *a)
{
    sv name = text_view(&p->name);
    if (!p->has_value)
        return;
    if (sv_eq(name, SV("envelope-from")))
        property_add(&to->envelope, &p->value, a);
    else if (sv_eq(name, SV("helo")))
        property_add(&to->helo, &p->value, a);
    else if (sv_eq(name, SV("receiver")))
        property_add(&to->receiver, &p->value, a);
    else if (sv_eq(name, SV("identity")))
        to->of_helo = sv_eq_nocase(text_view(&p->value), SV("helo"));
}

void auth_read_received_spf(sv raw, struct auth_room *room, arena *a, struct auth_field *f)
{
    struct scan s = {.rest = raw};
    struct text word;
    struct pair p;
    struct received_spf r = {.of_helo = false};
    size_t start = room->n;
    skip_cfws(&s);
    take_value(&s, &word);
    do
        while (take_pair(&s, &p))
            take_spf_pair(&r, &p, a);
    while (next_statement(&s));
    f->id = property_domain(&r.receiver);
    struct auth_statement out = {.method = AUTH_METHOD_spf,
                                 .result = read_result(&word),
                                 .domain = r.of_helo ? SV_ABSENT : property_domain(&r.envelope),
                                 .helo =
                                     r.of_helo ? property_domain(&r.helo) : greeting(&r.helo, &r.envelope)};
    if (!s.bad)
        put_statement(room, &out);
    f->statements = room->p + start;
    f->n_statements = room->n - start;
}

/* Words of a Received field need no '=' and no ';' between them; the first "by" outside comments is it. */
sv auth_received_by(sv raw, arena *a)
{
    struct scan s = {.rest = raw};
    struct text word;
    bool by = false;
    for (;;) {
        skip_cfws(&s);
        if (at_end(&s) || s.rest.p[0] == ';')
            return SV_ABSENT;
        if (s.rest.p[0] == ')') {
            (void)take(&s);
            continue;
        }
        take_value(&s, &word);
        if (by)
            break;
        by = sv_eq_nocase(sv_of(word.p, word.n), SV("by"));
    }
    word.odd = false; /* "by mx.example.com(Postfix)" */
    return domain_in(&word, a);
}
