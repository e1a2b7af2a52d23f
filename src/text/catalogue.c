#include "text/catalogue.h"

#include "text/format.h"

static const char *const templates[TEXT_LANG_END][MSG_END] = {
/* In parentheses: a text may be longer than a line, and is no list with a comma missing. */
#define MESSAGE_EN(id, en, ja) [MSG_##id] = (en),
#define MESSAGE_JA(id, en, ja) [MSG_##id] = (ja),
    [TEXT_en] = {MESSAGES(MESSAGE_EN)},
    [TEXT_ja] = {MESSAGES(MESSAGE_JA)},
#undef MESSAGE_EN
#undef MESSAGE_JA
};

const char *text_lang_name(enum text_lang lang)
{
    static const char *const names[TEXT_LANG_END] = {
#define LANG_NAME(id) [TEXT_##id] = #id,
        TEXT_LANGS(LANG_NAME)
#undef LANG_NAME
    };
    return names[lang];
}

const char *text_between(enum text_lang lang)
{
    return lang == TEXT_ja ? "" : " ";
}

const char *text_template(enum text_lang lang, enum text_id id)
{
    return templates[lang][id];
}

static void put_arg(buf *out, const struct text_style *style, const struct text_arg *arg)
{
    switch (arg->kind) {
    case ARG_OURS:
        style->ours(out, arg->text);
        return;
    case ARG_CODE:
        style->code(out, arg->text);
        return;
    case ARG_MARKUP:
        buf_sv(out, arg->text);
        return;
    case ARG_FOREIGN:
        text_put_cut(out, arg->text, style->cut, style->foreign);
        return;
    case ARG_NUMBER:
        text_number(out, arg->number);
        return;
    }
}

/* What stands in the braces: "1", or "1|message|messages". */
static void put_hole(buf *out, const struct text_style *style, sv hole, const struct text_arg *args, size_t n)
{
    sv digit, one, many;
    size_t i = SIZE_MAX;
    if (sv_split(&hole, '|', &digit) && digit.n == 1)
        i = (size_t)(digit.p[0] - '1');
    if (i >= n)
        return;
    if (!sv_split(&hole, '|', &one))
        put_arg(out, style, &args[i]);
    else if (sv_split(&hole, '|', &many))
        buf_sv(out, args[i].number == 1 ? one : many);
}

void text_say(buf *out, const struct text_style *style, enum text_id id, const struct text_arg *args,
              size_t n)
{
    sv rest = sv_c(templates[style->lang][id]);
    while (rest.n > 0) {
        size_t open = sv_find_char(rest, '{', 0), close = sv_find_char(rest, '}', 0);
        if (open == SIZE_MAX || close == SIZE_MAX)
            break;
        buf_sv(out, sv_first(rest, open));
        put_hole(out, style, sv_of(rest.p + open + 1, close - open - 1), args, n);
        rest = sv_skip(rest, close + 1);
    }
    buf_sv(out, rest);
}
