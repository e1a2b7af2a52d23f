#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

void fuzz_require(bool ok, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "not so: %s\n", what);
    abort();
}

static struct limits small_limits(void)
{
    struct limits l;
    limits_default(&l);
    l.mail_size = MIB(1);
    l.header_block = KIB(1);
    l.header_lines = 20;
    l.header_params = 8;
    l.mime_parts = 30;
    l.mime_depth = 4;
    l.mail_depth = 3;
    l.mail_reports = 5;
    l.mail_unpacked = KIB(256);
    l.mail_text = 64;
    l.document_size = KIB(64);
    l.ratio_floor = KIB(16);
    l.auth_fields = 4;
    l.auth_results = 6;
    l.auth_hops = 5;
    l.auth_field_size = 300;
    l.gzip_members = 4;
    l.zip_entries = 8;
    l.xml_depth = 8;
    l.xml_leaf = 64;
    l.xml_markup = 512;
    l.xml_attributes = 8;
    l.xml_unknown = 10;
    l.report_rows = 8;
    l.report_errors = 3;
    l.row_auths = 4;
    l.row_reasons = 3;
    l.json_size = KIB(16);
    l.json_tokens = 400;
    l.json_depth = 8;
    l.tls_policies = 4;
    l.tls_failures = 6;
    l.wire_frame = KIB(1);
    l.stage_memory = KIB(1);
    l.stage_size = KIB(16);
    l.imap_line = KIB(2);
    l.imap_batch_uids = 3;
    l.mailbox_list = 20;
    l.mailbox_gaps = 5;
    l.config_depth = 8;
    return l;
}

const struct limits *fuzz_limits(void)
{
    static struct limits limits;
    if (limits.mail_size == 0)
        limits = small_limits();
    return &limits;
}

struct fuzz_pieces fuzz_cut(sv in)
{
    uint32_t last = in.n ? (unsigned char)in.p[in.n - 1] : 0;
    return (struct fuzz_pieces){.rest = in, .state = (uint32_t)in.n * 31 + last};
}

bool fuzz_piece(struct fuzz_pieces *p, sv *piece)
{
    if (p->rest.n == 0)
        return false;
    p->state = p->state * 1664525 + 1013904223;
    uint32_t n = p->state >> 24;
    *piece = sv_first(p->rest, n % 4 == 0 ? 1 : 1 + n % 64);
    p->rest = sv_skip(p->rest, piece->n);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
    fuzz_one(sv_of(n ? (const char *)octets : "", n));
    return 0;
}
