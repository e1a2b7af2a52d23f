/* read-one [-p OCTETS] FILE…: what the aggregate reader alone makes of XML files (plain or gzip), as the
 * lines that `dmarcwarn parse --format ndjson` prints; -p: fed in pieces of so many octets. For looking at
 * one sample without the rest of the program, and for the goldens of testdata/quirks. */
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/num.h"
#include "read-report.h"

int main(int argc, char **argv)
{
    struct limits limits;
    struct err e;
    limits_default(&limits);
    aggregate_library_init();
    struct report_reading *reading = report_reading_new(&limits);
    struct output *out = output_open(output_format_named(SV("ndjson")), stdout, &(struct output_options){0});
    if (reading == NULL || out == NULL)
        return EXIT_FAILURE;
    int first = 1;
    uint64_t piece = 65536;
    if (argc > 2 && sv_eq(sv_c(argv[1]), SV("-p"))) {
        if (!num_u64(sv_c(argv[2]), SIZE_MAX, &piece) || piece == 0)
            return EXIT_FAILURE;
        first = 3;
    }
    for (int i = first; i < argc; i++) {
        gzFile f = gzopen(argv[i], "rb");
        size_t n = 0, room = 1 << 20;
        char *text = malloc(room);
        for (int got; f && text && (got = gzread(f, text + n, (unsigned)(room - n))) > 0;) {
            n += (size_t)got;
            if (n == room)
                text = realloc(text, room *= 2);
        }
        if (f == NULL || text == NULL)
            return EXIT_FAILURE;
        report_reading_feed(reading, sv_of(text, n), (size_t)piece);
        report_reading_print(reading, sv_c(argv[i]), out);
        (void)gzclose(f);
        free(text);
    }
    report_reading_free(reading);
    return output_close(out, &e) ? EXIT_SUCCESS : EXIT_FAILURE;
}
