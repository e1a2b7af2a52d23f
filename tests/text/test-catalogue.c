#include "check.h"
#include "text/catalogue.h"

static const struct text_style plain = {TEXT_en, text_mail, text_mail, text_mail_foreign, 8};

/* A template is pasted into HTML, mrkdwn and mails as it is. */
static void templates_are_inert_everywhere(void **state)
{
    (void)state;
    for (unsigned lang = 0; lang < TEXT_LANG_END; lang++) {
        for (unsigned id = 0; id < MSG_END; id++) {
            sv text = sv_c(text_template((enum text_lang)lang, (enum text_id)id));
            assert_true(text.n > 0 && utf8_valid(text));
            for (size_t i = 0; i < text.n; i++) {
                assert_null(strchr("&<>\"*_~`@\\\r\n\t", text.p[i]));
                /* A dot or colon between letters would make a link. */
                if (i > 0 && i + 1 < text.n && (text.p[i] == '.' || text.p[i] == ':'))
                    assert_true(text.p[i + 1] == ' ');
            }
        }
    }
}

/* "{1}" to "{9}" and "{1|one|many}", braces in pairs. */
static void holes_are_well_formed(void **state)
{
    (void)state;
    for (unsigned both = 0; both < TEXT_LANG_END * MSG_END; both++) {
        sv rest = sv_c(text_template((enum text_lang)(both / MSG_END), (enum text_id)(both % MSG_END)));
        size_t open;
        while ((open = sv_find_char(rest, '{', 0)) != SIZE_MAX) {
            size_t close = sv_find_char(rest, '}', open);
            assert_true(close != SIZE_MAX && close > open + 1);
            assert_true(rest.p[open + 1] >= '1' && rest.p[open + 1] <= '9');
            sv hole = sv_of(rest.p + open + 1, close - open - 1);
            size_t bars = 0;
            for (size_t i = 0; i < hole.n; i++)
                bars += hole.p[i] == '|';
            assert_true((bars == 0 && hole.n == 1) || (bars == 2 && hole.p[1] == '|'));
            rest = sv_skip(rest, close + 1);
        }
        assert_int_equal(sv_find_char(rest, '}', 0), SIZE_MAX);
    }
}

/* A bit for each argument. */
static unsigned arguments_of(enum text_lang lang, enum text_id id)
{
    unsigned bits = 0;
    for (const char *p = text_template(lang, id); *p; p++)
        if (*p == '{')
            bits |= 1U << (p[1] - '0');
    return bits;
}

static void every_language_says_the_same(void **state)
{
    (void)state;
    for (unsigned id = 0; id < MSG_END; id++)
        for (unsigned lang = TEXT_en + 1; lang < TEXT_LANG_END; lang++)
            if (arguments_of(TEXT_en, (enum text_id)id) !=
                arguments_of((enum text_lang)lang, (enum text_id)id))
                fail_msg("%s: \"%s\" has other arguments than \"%s\"", text_lang_name((enum text_lang)lang),
                         text_template((enum text_lang)lang, (enum text_id)id),
                         text_template(TEXT_en, (enum text_id)id));
}

/* Whether it has a character of Japanese; what has none is an abbreviation or an argument alone. */
static bool is_japanese(sv text)
{
    uint32_t cp = 0;
    for (; text.n; text = sv_skip(text, utf8_decode(text, &cp)))
        if (utf8_decode(text, &cp) && cp >= 0x3000 && cp <= 0xffff)
            return true;
    return false;
}

static void japanese_is_japanese(void **state)
{
    unsigned none = 0;
    (void)state;
    for (unsigned id = 0; id < MSG_END; id++)
        none += !is_japanese(sv_c(text_template(TEXT_ja, (enum text_id)id)));
    assert_true(none <= 5);
}

static void arguments_go_through_their_escaper(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 1000);
    TEXT_SAY(&b, &plain, MSG_listed, text_foreign(SV("evil.example.net\n")), text_count(1204));
    buf_char(&b, '\0');
    assert_string_equal(b.p, "evil[.]exa\u2026 (1,204)");
    buf_free(&b);
}

static void one_and_many(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 1000);
    TEXT_SAY(&b, &plain, MSG_more_incidents, text_count(1));
    buf_char(&b, '/');
    TEXT_SAY(&b, &plain, MSG_more_incidents, text_count(2000));
    buf_char(&b, '\0');
    assert_string_equal(
        b.p, "1 more incident is not spelt out here./2,000 more incidents are not spelt out here.");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_are_inert_everywhere),     cmocka_unit_test(holes_are_well_formed),
        cmocka_unit_test(every_language_says_the_same),       cmocka_unit_test(japanese_is_japanese),
        cmocka_unit_test(arguments_go_through_their_escaper), cmocka_unit_test(one_and_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
