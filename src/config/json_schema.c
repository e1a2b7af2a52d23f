/* The JSON Schema of the configuration, for editors, out of the table that the program works by. It is wider
 * than the program: which keys go with which type of a channel or mailbox is the program's to say. */
#include <stdio.h>

#include "config/config.h"
#include "load.h"
#include "model/rule.h"

/* Values that a list of words would not tell. */
#define SCALAR "{\"type\": [\"string\", \"number\", \"boolean\"]}"
#define ANY    "{}"
#define LIST   "{\"type\": \"array\", \"items\": " SCALAR "}"
#define SOME   "{\"anyOf\": [" SCALAR ", " LIST "]}"
#define MAP    "{\"type\": \"object\"}"
#define SECRET                                                                                               \
    "{\"anyOf\": [" SCALAR                                                                                   \
    ", {\"type\": \"object\", \"maxProperties\": 1, \"additionalProperties\": false, "                       \
    "\"properties\": {\"file\": " SCALAR ", \"credential\": " SCALAR ", \"env\": " SCALAR                    \
    ", \"command\": " LIST ", \"literal\": " SCALAR "}}]}"

static void put_string(buf *out, const char *text)
{
    buf_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
    buf_char(out, '"');
}

static void put_object(buf *out, const char *parent);

/* One of the words of such a value. */
static void put_words(buf *out, enum kind kind)
{
    buf_puts(out, "{\"enum\": [");
    switch ((int)kind) {
    case KIND_channel_type:
        for (unsigned i = 0; i < CHANNEL_TYPE_END; i++) {
            buf_puts(out, i ? ", " : "");
            put_string(out, channel_type_word((enum channel_type)i));
        }
        break;
    case KIND_lang:
        for (unsigned i = 1; i < LANG_END; i++) {
            buf_puts(out, i > 1 ? ", " : "");
            put_string(out, lang_word((enum lang)i));
        }
        break;
    case KIND_severity:
        for (unsigned i = 0; i < SEVERITY_END; i++) {
            buf_puts(out, i ? ", " : "");
            put_string(out, severity_name((enum severity)i));
        }
        break;
    }
    buf_puts(out, "]}");
}

static void put_rules(buf *out, const char *parent)
{
    buf_puts(out, "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
    for (unsigned i = 0; i < RULE_END; i++) {
        buf_puts(out, i ? ", " : "");
        put_string(out, rule_name((enum rule_id)i));
        buf_puts(out, ": {\"anyOf\": [" SCALAR ", ");
        put_object(out, parent);
        buf_puts(out, "]}");
    }
    buf_puts(out, "}}");
}

/* path and a mark: the keys of an entry or item. */
static void put_inside(buf *out, const char *before, const struct key *k, const char *mark, const char *after)
{
    char parent[64];
    int n = snprintf(parent, sizeof parent, "%s%s", k->path, mark);
    buf_puts(out, before);
    if (n > 0 && (size_t)n < sizeof parent)
        put_object(out, parent);
    else
        buf_puts(out, ANY);
    buf_puts(out, after);
}

static void put_value(buf *out, const struct key *k)
{
    static const char *const plain[KIND_END] = {
        [KIND_secret] = SECRET,      [KIND_signing_key] = SECRET, [KIND_webhook_url] = SECRET,
        [KIND_pem] = SECRET,         [KIND_account] = SECRET,     [KIND_argv] = LIST,
        [KIND_addresses] = SOME,     [KIND_networks] = SOME,      [KIND_senders] = SOME,
        [KIND_channels] = SOME,      [KIND_recipients] = SOME,    [KIND_include] = SOME,
        [KIND_text_channels] = SOME, [KIND_spans] = SOME,         [KIND_weekdays] = SOME,
        [KIND_names] = SOME,         [KIND_patterns] = SOME,      [KIND_selectors] = SOME,
        [KIND_tenants] = SOME,       [KIND_severities] = SOME,    [KIND_rule_names] = SOME,
        [KIND_after] = ANY,          [KIND_on_error] = MAP,       [KIND_limits] = MAP};
    switch ((int)k->kind) {
    case KIND_group:
        put_object(out, k->path);
        return;
    case KIND_entries:
        put_inside(out, "{\"type\": \"object\", \"additionalProperties\": ", k, ".*", "}");
        return;
    case KIND_items:
        put_inside(out, "{\"type\": \"array\", \"items\": ", k, ".#", "}");
        return;
    case KIND_rules:
    case KIND_domain_rules:
        put_rules(out, "rules.*");
        return;
    case KIND_oauth2:
        put_object(out, "oauth2");
        return;
    case KIND_trust:
        put_inside(out, "{\"anyOf\": [" SCALAR ", ", k, "", "]}");
        return;
    case KIND_channel_type:
    case KIND_lang:
    case KIND_severity:
        put_words(out, k->kind);
        return;
    }
    buf_puts(out, plain[k->kind] ? plain[k->kind] : SCALAR);
}

/* A key that stands several times, for several types, takes any of their values. */
static void put_property(buf *out, const char *parent, const struct key *k, sv leaf)
{
    sv other;
    const char *apart = "";
    put_string(out, k->path + strlen(k->path) - leaf.n);
    buf_puts(out, ": {\"description\": ");
    put_string(out, k->help);
    buf_puts(out, ", \"anyOf\": [");
    for (const struct key *each = NULL; (each = schema_next(parent, each, &other));) {
        if (!sv_eq(other, leaf))
            continue;
        buf_puts(out, apart);
        put_value(out, each);
        apart = ", ";
    }
    buf_puts(out, "]}");
}

static void put_object(buf *out, const char *parent)
{
    sv leaf;
    const char *apart = "";
    buf_puts(out, "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
    for (const struct key *k = NULL; (k = schema_next(parent, k, &leaf));) {
        if (schema_find(parent, leaf) != k)
            continue;
        buf_puts(out, apart);
        put_property(out, parent, k, leaf);
        apart = ",\n ";
    }
    buf_puts(out, "}}");
}

void config_json_schema(buf *out)
{
    buf_puts(out, "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n\"title\": "
                  "\"dmarcwarn.yml\",\n\"allOf\": [");
    put_object(out, "");
    buf_puts(out, "]}\n");
}
