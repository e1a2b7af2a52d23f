#include "model/words.h"

#include "base/attr.h"

#define WORD_TEXT(item, text)  SV_INIT(text),
#define WORD_ARRAY(name, NAME) static const sv name##_words[] = {NAME##_WORDS(WORD_TEXT)};
WORD_LISTS(WORD_ARRAY)
#undef WORD_ARRAY
#undef WORD_TEXT

static const struct {
    const sv *words;
    uint8_t n;
} lists[] = {
#define WORD_ENTRY(name, NAME) [NAME##_LIST] = {name##_words, COUNT_OF(name##_words)},
    WORD_LISTS(WORD_ENTRY)
#undef WORD_ENTRY
};

struct word word_read(enum word_list list, sv text)
{
    text = sv_trim(text);
    if (text.n == 0)
        return (struct word){.v = WORD_ABSENT};
    /* Nearly every word is written as the standard has it. */
    for (uint8_t i = 0; i < lists[list].n; i++)
        if (sv_eq(text, lists[list].words[i]))
            return (struct word){.v = (uint8_t)(i + 2)};
    for (uint8_t i = 0; i < lists[list].n; i++)
        if (sv_eq_nocase(text, lists[list].words[i]))
            return (struct word){.v = (uint8_t)(i + 2)};
    return (struct word){.v = WORD_UNKNOWN, .raw = text};
}

sv word_text(enum word_list list, struct word w)
{
    if (w.v == WORD_UNKNOWN)
        return w.raw;
    return w.v >= 2 && w.v - 2 < lists[list].n ? lists[list].words[w.v - 2] : SV_ABSENT;
}

uint8_t word_count(enum word_list list)
{
    return (uint8_t)(lists[list].n + 2);
}
