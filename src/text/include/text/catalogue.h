/* Every sentence that notices are made of, by id, with numbered arguments. Templates are ours and written
 * in signs that are inert in every output (a test holds them to it); each argument goes through an escaper.
 */
#ifndef TEXT_CATALOGUE_H
#define TEXT_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"
#include "text/escape.h"
#include "text/messages.h"

#define TEXT_LANGS(X) X(en) X(ja)

enum text_lang {
#define LANG_ITEM(id) TEXT_##id,
    TEXT_LANGS(LANG_ITEM)
#undef LANG_ITEM
        TEXT_LANG_END
};

enum text_id {
#define MESSAGE_ITEM(id, en, ja) MSG_##id,
    MESSAGES(MESSAGE_ITEM)
#undef MESSAGE_ITEM
        MSG_END
};

/* Whose words an argument is, and so which escaper of the output it goes through. */
struct text_arg {
    enum { ARG_OURS, ARG_CODE, ARG_FOREIGN, ARG_MARKUP, ARG_NUMBER } kind;
    sv text;
    uint64_t number;
};

static inline struct text_arg text_ours(sv s)
{
    return (struct text_arg){ARG_OURS, s, 0};
}

/* What one types or looks up as it is: a command, a record's name. Never strangers' text. */
static inline struct text_arg text_code(sv s)
{
    return (struct text_arg){ARG_CODE, s, 0};
}

/* What text_say wrote before, in the same style: goes in as it is. */
static inline struct text_arg text_markup(sv s)
{
    return (struct text_arg){ARG_MARKUP, s, 0};
}

static inline struct text_arg text_foreign(sv s)
{
    return (struct text_arg){ARG_FOREIGN, s, 0};
}

static inline struct text_arg text_count(uint64_t n)
{
    return (struct text_arg){ARG_NUMBER, SV_ABSENT, n};
}

/* How an output writes words of ours and of the configuration, things to type, and strangers' words. */
struct text_style {
    enum text_lang lang;
    text_escaper *ours, *code, *foreign;
    size_t cut; /* strangers' text is cut to so many octets */
};

/* Appends the sentence. "{1}" is the first argument; "{1|message|messages}" is a choice by the first
 * argument's number: the first form for 1, else the second. */
void text_say(buf *out, const struct text_style *style, enum text_id id, const struct text_arg *args,
              size_t n);

#define TEXT_SAY(out, style, id, ...)                                                                        \
    text_say(out, style, id, (const struct text_arg[]){__VA_ARGS__},                                         \
             sizeof((const struct text_arg[]){__VA_ARGS__}) / sizeof(struct text_arg))

/* "en", "ja"; also as HTML takes it. */
const char *text_lang_name(enum text_lang lang);

/* What stands between two sentences of a paragraph. */
const char *text_between(enum text_lang lang);

/* The template itself, for tests and for words without arguments. */
const char *text_template(enum text_lang lang, enum text_id id);

#endif
