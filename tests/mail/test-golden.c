/* Every sample of testdata/mail against expected.txt: what the walk gives, in order. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

#include "base/file.h"
#include "base/magic.h"
#include "mail/contents.h"
#include "mail/mail.h"

#define FOLDER TESTDATA "/mail/"

struct scene {
    struct limits limits;
    arena memory;
    struct mail_contents contents;
    buf out;
    struct note_set seen;
    buf gz, zip, xml; /* what the attachments should be */
};

static void read_to(buf *b, const char *path)
{
    struct err e;
    buf_init(b, MIB(1));
    if (!file_read(path, b, &e))
        fail_msg("%s", e.msg);
}

static void put_text(buf *out, sv s)
{
    buf_char(out, '"');
    for (size_t i = 0; i < s.n && i < 24; i++)
        buf_char(out, s.p[i] >= ' ' && s.p[i] < 0x7F ? s.p[i] : '.');
    buf_puts(out, "\"\n");
}

static void put_content(struct scene *s, sv bytes)
{
    const struct {
        const char *name;
        const buf *bytes;
    } known[] = {{"r.xml.gz", &s->gz}, {"r.zip", &s->zip}, {"r.xml", &s->xml}};
    buf_printf(&s->out, "    %s ", magic_name(magic_of(bytes)));
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (sv_starts(bytes, buf_view(known[i].bytes))) {
            buf_printf(&s->out, "%s and %zu more octets\n", known[i].name, bytes.n - known[i].bytes->n);
            return;
        }
    put_text(&s->out, bytes);
}

static void put_notes(struct scene *s, const struct note_set *notes)
{
    note_add_all(&s->seen, notes);
    for (int n = 0; n < NOTE_END; n++)
        if (note_has(notes, (enum note)n))
            buf_printf(&s->out, "      %s\n", note_code((enum note)n));
}

static bool on_leaf(void *ctx, const struct mail_leaf *l)
{
    struct scene *s = ctx;
    sv bytes;
    buf_printf(&s->out, "  leaf %.*s: %.*s", SV_ARG(l->path), SV_ARG(l->type));
    if (l->name.p)
        buf_printf(&s->out, ", name %.*s", SV_ARG(l->name));
    if (l->level)
        buf_printf(&s->out, ", level %u", l->level);
    buf_printf(&s->out, "%s%s\n", l->original ? ", original" : "", l->no_mail ? ", no mail" : "");
    mail_contents_start(&s->contents, l);
    while (mail_contents_next(&s->contents, &bytes)) {
        put_content(s, bytes);
        put_notes(s, &s->contents.notes);
    }
    return true;
}

static void on_reject(void *ctx, enum reject reason, sv path, sv detail)
{
    struct scene *s = ctx;
    buf_printf(&s->out, "  reject %.*s: %s", SV_ARG(path), reject_code(reason));
    buf_printf(&s->out, "%s%.*s\n", detail.n ? ", " : "", SV_ARG(detail));
}

static void render(struct scene *s, sv name)
{
    static const struct mail_sink sink = {NULL, on_leaf, on_reject};
    char path[512];
    struct mail_info info;
    buf mail;
    assert_in_range(snprintf(path, sizeof path, FOLDER "%.*s.eml", SV_ARG(name)), 1, sizeof path - 1);
    read_to(&mail, path);
    buf_printf(&s->out, "== %.*s\n", SV_ARG(name));
    arena_reset(&s->memory);
    assert_true(mail_split(buf_view(&mail), &s->limits, &s->memory, &sink, s, &info));
    buf_printf(&s->out, "  %s, from %.*s, id %.*s, subject %.*s\n", not_report_code(info.not_report),
               SV_ARG(info.facts.from_domain), SV_ARG(info.facts.message_id), SV_ARG(info.facts.subject));
    buf_free(&mail);
}

/* Names of the sections of expected.txt, and of the samples, are the same. */
static size_t count_samples(void)
{
    DIR *d = opendir(FOLDER);
    size_t n = 0;
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += sv_ends(sv_c(e->d_name), SV(".eml"));
    (void)closedir(d);
    return n;
}

static void show_difference(sv want, sv got)
{
    sv a, b, section = SV("");
    while (sv_split(&want, '\n', &a) && sv_split(&got, '\n', &b)) {
        if (sv_starts(a, SV("==")))
            section = a;
        if (!sv_eq(a, b))
            fail_msg("%.*s\nwanted: %.*s\n   got: %.*s", SV_ARG(section), SV_ARG(a), SV_ARG(b));
    }
    fail_msg("one ends before the other");
}

static void samples_give_what_is_expected(void **state)
{
    (void)state;
    struct scene s = {0};
    buf expected;
    sv rest, line;
    size_t n = 0;
    limits_default(&s.limits);
    arena_init(&s.memory, MIB(8));
    mail_contents_init(&s.contents, MIB(1));
    buf_init(&s.out, MIB(1));
    read_to(&s.gz, FOLDER "r.xml.gz");
    read_to(&s.zip, FOLDER "r.zip");
    read_to(&s.xml, FOLDER "r.xml");
    read_to(&expected, FOLDER "expected.txt");
    for (rest = buf_view(&expected); sv_split(&rest, '\n', &line);)
        if (sv_starts(line, SV("== "))) {
            render(&s, sv_skip(line, 3));
            n++;
        }
    const char *write_to = getenv("GOLDEN_OUT");
    if (write_to) {
        struct err e;
        assert_true(file_write_atomic(write_to, buf_view(&s.out), 0644, &e));
    }
    if (!sv_eq(buf_view(&expected), buf_view(&s.out)))
        show_difference(buf_view(&expected), buf_view(&s.out));
    assert_int_equal(n, count_samples());
    for (int i = NOTE_part_type_ignored; i < NOTE_END; i++)
        if (!note_has(&s.seen, (enum note)i))
            fail_msg("no sample gives the note %s", note_code((enum note)i));
    buf *all[] = {&s.gz, &s.zip, &s.xml, &s.out, &expected};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        buf_free(all[i]);
    mail_contents_free(&s.contents);
    arena_free(&s.memory);
}

RUN_TESTS(cmocka_unit_test(samples_give_what_is_expected))
