/* Every escaper: valid UTF-8 without anything that acts comes out, and what can be parsed back says what came
 * in. */
#include "fuzz.h"

#include <jansson.h>

#include "base/utf8.h"
#include "text/escape.h"

/* Where the output must not hold a character as it stands. kept: unsafe ones that may stand. */
struct sink {
    const char *name;
    text_escaper *escape;
    const char *never, *kept;
};

static const struct sink sinks[] = {
    /* clang-format off */
    {"terminal", text_terminal, "", ""},
    {"log", text_log, "", ""},
    {"csv", text_csv, "", "\r\n\t"},
    {"csv_raw", text_csv_raw, "", "\r\n\t"},
    {"html", text_html, "<>\"'", ""},
    {"html_foreign", text_html_foreign, "<>\"'", ""},
    {"mail", text_mail, "", ""},
    {"mail_foreign", text_mail_foreign, "", ""},
    {"slack", text_slack, "<>", ""},
    {"slack_foreign", text_slack_foreign, "<>", ""},
    {"slack_code", text_slack_code, "<>", ""},
    {"html_code_foreign", text_html_code_foreign, "\"'", ""},
    {"markdown", text_markdown, "", ""},
    {"markdown_code", text_markdown_code, "", ""},
    {"markdown_foreign", text_markdown_foreign, "", ""},
    {"syslog_value", text_syslog_value, "", ""},
    {"json", text_json, "", ""},
    /* clang-format on */
};

static void harmless(const struct sink *s, sv out)
{
    uint32_t cp;
    while (out.n) {
        size_t n = utf8_decode(out, &cp);
        fuzz_require(n > 0, s->name);
        fuzz_require(cp >= 0x80 || cp == 0 || strchr(s->never, (int)cp) == NULL, s->name);
        fuzz_require(!text_is_unsafe(cp) || (cp && cp < 0x80 && strchr(s->kept, (int)cp)), s->name);
        out = sv_skip(out, n);
    }
}

static void json_comes_back(sv in, sv escaped)
{
    buf text, clean;
    json_error_t e;
    buf_init(&text, MIB(8));
    buf_init(&clean, MIB(8));
    buf_char(&text, '"');
    buf_sv(&text, escaped);
    buf_char(&text, '"');
    json_t *back = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
    (void)utf8_put_clean(&clean, in);
    fuzz_require(back && sv_eq(sv_of(json_string_value(back), json_string_length(back)), buf_view(&clean)),
                 "JSON says exactly what came in");
    json_decref(back);
    buf_free(&text);
    buf_free(&clean);
}

/* RFC 4180: a cell whose quotes are doubled inside of quotes, or one without quotes, commas and line ends. */
static void csv_is_one_cell(sv cell)
{
    if (cell.n == 0 || cell.p[0] != '"') {
        for (size_t i = 0; i < cell.n; i++)
            fuzz_require(strchr(",\"\r\n", cell.p[i]) == NULL, "a bare cell is one cell");
        return;
    }
    fuzz_require(cell.n >= 2 && cell.p[cell.n - 1] == '"', "quotes are closed");
    for (size_t i = 1; i + 1 < cell.n; i++)
        if (cell.p[i] == '"')
            fuzz_require(cell.p[++i] == '"' && i + 1 < cell.n, "quotes inside are doubled");
}

/* Every '&' begins one of ours. */
static void entities_are_ours(sv out)
{
    static const sv ours[] = {SV_INIT("&amp;"), SV_INIT("&lt;"), SV_INIT("&gt;"), SV_INIT("&quot;"),
                              SV_INIT("&#39;")};
    for (size_t at = sv_find_char(out, '&', 0); at != SIZE_MAX; at = sv_find_char(out, '&', at + 1)) {
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(ours); i++)
            known |= sv_starts(sv_skip(out, at), ours[i]);
        fuzz_require(known, "an entity is one of ours");
    }
}

/* A line break only as a fold, ASCII, lines of mail length. */
static void header_is_one_field(sv in)
{
    buf out;
    buf_init(&out, MIB(8));
    text_header(&out, in, sizeof "Subject: " - 1);
    sv rest = buf_view(&out), line;
    for (size_t i = 0; i < out.n; i++) {
        fuzz_require((unsigned char)out.p[i] < 0x7F, "a header is ASCII");
        bool line_end = out.p[i] == '\r' || out.p[i] == '\n';
        fuzz_require(line_end || out.p[i] >= ' ', "a header has no controls");
        fuzz_require(out.p[i] != '\r' || (i + 2 < out.n && out.p[i + 1] == '\n' && out.p[i + 2] == ' '),
                     "folds only");
        fuzz_require(out.p[i] != '\n' || (i > 0 && out.p[i - 1] == '\r'), "folds only");
    }
    while (sv_split(&rest, '\n', &line))
        fuzz_require(line.n < 998, "a line has less than 998 octets");
    buf_free(&out);
}

static void no_link_is_left(sv out)
{
    fuzz_require(sv_find(out, SV("://"), 0) == SIZE_MAX, "no URL");
    for (size_t i = 0; i < out.n; i++)
        fuzz_require(out.p[i] != '@' || (i > 0 && out.p[i - 1] == '[' && out.p[i + 1] == ']'), "no address");
}

void fuzz_one(sv in)
{
    buf out;
    buf_init(&out, MIB(8));
    for (size_t i = 0; i < COUNT_OF(sinks); i++) {
        const struct sink *s = &sinks[i];
        buf_reset(&out);
        s->escape(&out, in);
        sv got = buf_view(&out);
        fuzz_require(!out.failed, s->name);
        harmless(s, got);
        if (strchr(s->never, '<') && s->never[0])
            entities_are_ours(got);
        if (s->escape == text_json)
            json_comes_back(in, got);
        if (s->escape == text_csv || s->escape == text_csv_raw)
            csv_is_one_cell(got);
        if (sv_ends(sv_c(s->name), SV("foreign")))
            no_link_is_left(got);
    }
    header_is_one_field(in);
    buf_reset(&out);
    text_put_cut(&out, in, 10, text_terminal);
    fuzz_require(!out.failed && utf8_valid(buf_view(&out)), "a cut is at a character border");
    buf_free(&out);
}
