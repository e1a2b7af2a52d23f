/* Every sample of testdata/quirks, in one piece and in small ones, against its golden line. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "read-report.h"

#define FOLDER TESTDATA "/quirks/"

enum { SAMPLE_MAX = 1 << 20 };

/* Codes that only the container, the run clock or a limit out of a sample's reach give. */
static const enum note not_here[] = {NOTE_gzip_trailer_missing, NOTE_gzip_members, NOTE_zip_inconsistent,
                                     NOTE_range_future,         NOTE_list_cut,     NOTE_auth_results_cut,
                                     NOTE_reports_joined};

static struct report_reading *reading;
static struct note_set seen;

static void read_file(buf *out, sv name, const char *suffix)
{
    char path[512];
    struct err e = {0};
    buf_init(out, SAMPLE_MAX);
    (void)snprintf(path, sizeof path, FOLDER "%.*s%s", SV_ARG(name), suffix);
    if (!file_read(path, out, &e))
        fail_msg("%s", e.msg);
}

/* What parse would print for the last reading; the caller frees it. */
static char *printed(sv name)
{
    char *text = NULL, file[256];
    size_t n = 0;
    struct err e;
    FILE *to = open_memstream(&text, &n);
    assert_non_null(to);
    struct output *out = output_open(output_format_named(SV("ndjson")), to, &(struct output_options){0});
    (void)snprintf(file, sizeof file, "%.*s.xml", SV_ARG(name));
    report_reading_print(reading, sv_c(file), out);
    assert_true(output_close(out, &e));
    assert_int_equal(fclose(to), 0);
    return text;
}

/* A golden detail "*" is in the words of libxml2. */
static bool same_line(const char *line, sv golden)
{
    size_t star = sv_find(golden, SV("\"detail\":\"*\""), 0);
    if (star == SIZE_MAX)
        return sv_eq(sv_c(line), golden);
    return sv_starts(sv_c(line), sv_first(golden, star));
}

static void check_sample(sv name, size_t piece)
{
    buf xml, golden;
    read_file(&xml, name, ".xml");
    read_file(&golden, name, ".golden");
    if (report_reading_feed(reading, buf_view(&xml), piece) == AGGREGATE_DONE) {
        const struct note_set *notes = &report_reading_report(reading)->notes;
        note_add_all(&seen, notes);
        if (report_reading_count(reading) > 1 && notes->bits[0] == 0 && notes->bits[1] == 0)
            fail_msg("%.*s: repaired without a note", SV_ARG(name));
    }
    char *line = printed(name);
    if (!same_line(line, buf_view(&golden)))
        fail_msg("%.*s in pieces of %zu:\n got %s want %.*s", SV_ARG(name), piece, line, (int)golden.n,
                 golden.p);
    free(line);
    buf_free(&xml);
    buf_free(&golden);
}

static size_t check_all(size_t piece)
{
    buf list;
    sv name;
    size_t n = 0;
    read_file(&list, SV("samples"), ".txt");
    for (sv rest = buf_view(&list); sv_split(&rest, '\n', &name);)
        if (name.n) {
            check_sample(name, piece);
            n++;
        }
    buf_free(&list);
    return n;
}

static void whole(void **state)
{
    (void)state;
    assert_true(check_all(SIZE_MAX) > 200);
}

static void in_pieces_of_7(void **state)
{
    (void)state;
    (void)check_all(7);
}

static void in_single_octets(void **state)
{
    (void)state;
    (void)check_all(1);
}

static void every_sample_is_listed(void **state)
{
    (void)state;
    size_t n = 0;
    DIR *dir = opendir(FOLDER);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        n += sv_ends(sv_c(entry->d_name), SV(".xml"));
    (void)closedir(dir);
    assert_int_equal(n, check_all(SIZE_MAX));
}

static void every_note_occurs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(not_here); i++)
        note_add(&seen, not_here[i]);
    /* The notes of TLS and failure reports stand behind those of aggregate reports. */
    for (unsigned i = 0; i < NOTE_json_encoding; i++)
        if (!note_has(&seen, (enum note)i))
            fail_msg("no sample gives the note %s", note_code((enum note)i));
}

int main(void)
{
    static struct limits limits;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),
        cmocka_unit_test(in_pieces_of_7),
        cmocka_unit_test(in_single_octets),
        cmocka_unit_test(every_sample_is_listed),
        cmocka_unit_test(every_note_occurs),
    };
    limits_default(&limits);
    aggregate_library_init();
    reading = report_reading_new(&limits);
    if (reading == NULL)
        return EXIT_FAILURE;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    report_reading_free(reading);
    return failed;
}
