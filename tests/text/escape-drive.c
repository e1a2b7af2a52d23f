/* Strings through every escaper, for test_sinks.py. Standard input: 4 octets of length (little endian) and so
 * many octets, again and again; standard output: the same of each sink, in the order that `escape-drive
 * names` prints. */
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "text/escape.h"

enum { CUT = 256 };

static void cut(buf *out, sv s)
{
    text_put_cut(out, s, CUT, text_terminal);
}

static void header(buf *out, sv s)
{
    text_header(out, s, sizeof "Subject: " - 1);
}

#define SINK(name)                                                                                           \
    {                                                                                                        \
#name, text_##name                                                                                   \
    }

static const struct {
    const char *name;
    text_escaper *escape;
} sinks[] = {
    SINK(terminal),      SINK(log),          SINK(csv),           SINK(csv_raw),
    SINK(html),          SINK(html_foreign), SINK(html_code),     SINK(html_code_foreign),
    SINK(mail),          SINK(mail_foreign), SINK(slack),         SINK(slack_code),
    SINK(slack_foreign), SINK(markdown),     SINK(markdown_code), SINK(markdown_foreign),
    SINK(syslog_value),  SINK(json),         {"header", header},  {"cut", cut},
};

static bool take(buf *in)
{
    unsigned char n[4];
    buf_reset(in);
    if (fread(n, 1, sizeof n, stdin) != sizeof n)
        return false;
    size_t left = (size_t)n[0] | (size_t)n[1] << 8 | (size_t)n[2] << 16;
    char piece[4096];
    while (left) {
        size_t got = fread(piece, 1, left < sizeof piece ? left : sizeof piece, stdin);
        if (got == 0)
            return false;
        buf_sv(in, sv_of(piece, got));
        left -= got;
    }
    return true;
}

static bool give(sv out)
{
    unsigned char n[4] = {(unsigned char)out.n, (unsigned char)(out.n >> 8), (unsigned char)(out.n >> 16), 0};
    return fwrite(n, 1, sizeof n, stdout) == sizeof n && fwrite(out.p, 1, out.n, stdout) == out.n;
}

int main(int argc, char **argv)
{
    buf in, out;
    bool fine = true;
    for (size_t i = 0; argc > 1 && strcmp(argv[1], "names") == 0 && i < COUNT_OF(sinks); i++)
        puts(sinks[i].name);
    buf_init(&in, 1 << 20);
    buf_init(&out, 1 << 23);
    while (argc == 1 && fine && take(&in)) {
        for (size_t i = 0; fine && i < COUNT_OF(sinks); i++) {
            buf_reset(&out);
            sinks[i].escape(&out, buf_view(&in));
            fine = !out.failed && give(buf_view(&out));
        }
    }
    buf_free(&in);
    buf_free(&out);
    return fine && fflush(stdout) == 0 ? 0 : 1;
}
