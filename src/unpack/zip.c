/* zip (APPNOTE) by libzip, from memory: stored and deflated entries. Names are shown, never used. */
#include <stdio.h>
#include <zip.h>

#include "base/attr.h"
#include "base/buf.h"
#include "unpacker.h"

struct zip_stream {
    struct stream s;
    zip_t *zip;
    zip_uint64_t index;
    zip_file_t *file;
    uint64_t packed, size; /* as the directory claims, packed no more than there is */
    uint64_t given;
};

static bool start(struct stream *s)
{
    struct zip_stream *z = (struct zip_stream *)s;
    if (z->file)
        (void)zip_fclose(z->file);
    z->given = 0;
    z->file = zip_fopen_index(z->zip, z->index, 0);
    if (z->file == NULL)
        (void)stream_fail(s, REJECT_zip_damaged, SV_ABSENT);
    return z->file != NULL;
}

/* libzip has compared the checksum; a size that is wrong beside a right checksum is no damage. */
static enum stream_state entry_end(struct zip_stream *z)
{
    if (z->given != z->size)
        note_add(&z->s.notes, NOTE_zip_inconsistent);
    return STREAM_END;
}

static enum stream_state read_failed(struct zip_stream *z)
{
    int code = zip_error_code_zip(zip_file_get_error(z->file));
    /* Only of stored entries does libzip compare the size too, behind the checksum. */
    if (code == ZIP_ER_INCONS)
        return entry_end(z);
    if (code == ZIP_ER_EOF)
        return stream_fail(&z->s, REJECT_truncated, SV("zip"));
    if (code == ZIP_ER_MEMORY)
        return stream_fail(&z->s, REJECT_memory_limit, SV_ABSENT);
    return stream_fail(&z->s, REJECT_zip_damaged, code == ZIP_ER_CRC ? SV("checksum") : SV("data"));
}

static enum stream_state read_zip(struct stream *s, char *chunk, size_t *n)
{
    struct zip_stream *z = (struct zip_stream *)s;
    *n = 0;
    while (*n < UNPACK_CHUNK) {
        zip_int64_t got = zip_fread(z->file, chunk + *n, UNPACK_CHUNK - *n);
        if (got < 0)
            return read_failed(z);
        if (got == 0)
            return entry_end(z);
        *n += (size_t)got;
        z->given += (size_t)got;
    }
    s->packed = z->packed;
    return STREAM_MORE;
}

static sv method_name(struct unpacker *u, unsigned method)
{
    static const struct {
        unsigned method;
        sv name;
    } names[] = {{1, SV_INIT("Shrink")},     {6, SV_INIT("Implode")}, {9, SV_INIT("Deflate64")},
                 {12, SV_INIT("bzip2")},     {14, SV_INIT("LZMA")},   {20, SV_INIT("Zstandard")},
                 {93, SV_INIT("Zstandard")}, {95, SV_INIT("xz")},     {98, SV_INIT("PPMd")}};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (names[i].method == method)
            return names[i].name;
    int n = snprintf(u->detail, sizeof u->detail, "method %u", method);
    return sv_of(u->detail, n > 0 ? (size_t)n : 0);
}

/* Directories and what macOS and Windows leave beside files. */
bool unpacker_is_junk(sv name)
{
    static const sv files[] = {SV_INIT(".DS_Store"), SV_INIT("Thumbs.db"), SV_INIT("desktop.ini")};
    for (size_t i = 0; i < COUNT_OF(files); i++)
        if (sv_ends(name, files[i]))
            return true;
    return sv_ends(name, SV("/")) || sv_starts(name, SV("__MACOSX/")) ||
           sv_find(name, SV("/__MACOSX/"), 0) != SIZE_MAX;
}

static void entry(struct unpacker *u, zip_t *zip, const zip_stat_t *st, sv bytes, unsigned depth,
                  const struct note_set *notes)
{
    struct zip_stream z = {.s = {.start = start, .read = read_zip, .ignore_empty = true, .notes = *notes},
                           .zip = zip,
                           .index = st->index};
    if (st->encryption_method != ZIP_EM_NONE) {
        unpacker_reject(u, REJECT_zip_encrypted, SV_ABSENT);
        return;
    }
    if (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE) {
        unpacker_reject(u, REJECT_zip_method, method_name(u, st->comp_method));
        return;
    }
    z.size = st->size;
    z.packed = st->comp_size < bytes.n ? st->comp_size : bytes.n;
    z.packed = z.packed ? z.packed : 1;
    if (!z.s.start(&z.s))
        unpacker_reject(u, z.s.status, z.s.detail);
    else
        unpacker_stream(u, &z.s, depth);
    if (z.file)
        (void)zip_fclose(z.file);
}

static zip_t *open_zip(sv bytes, int flags, enum reject *why)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &e);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY | flags, &e) : NULL;
    if (zip == NULL) {
        *why = zip_error_code_zip(&e) == ZIP_ER_MEMORY ? REJECT_memory_limit : REJECT_zip_damaged;
        if (source)
            zip_source_free(source);
    }
    zip_error_fini(&e);
    return zip;
}

/* More octets than there are, counting each entry's: some lie over each other, so that a few octets would be
 * unpacked a thousand times. No program packs so. A single entry has nothing to lie over. */
static bool entries_overlap(zip_t *zip, sv bytes)
{
    zip_int64_t count = zip_get_num_entries(zip, 0);
    zip_uint64_t left = bytes.n;
    for (zip_uint64_t i = 0; count > 1 && (zip_int64_t)i < count; i++) {
        zip_stat_t st;
        if (zip_stat_index(zip, i, 0, &st) != 0)
            continue;
        if (st.comp_size > left)
            return true;
        left -= st.comp_size;
    }
    return false;
}

static void entries(struct unpacker *u, zip_t *zip, sv bytes, unsigned depth, const struct note_set *notes)
{
    zip_int64_t count = zip_get_num_entries(zip, 0);
    uint64_t said = u->said;
    for (zip_uint64_t i = 0; (zip_int64_t)i < count && !u->stop && !u->total->spent; i++) {
        zip_stat_t st;
        sv name = sv_c(zip_get_name(zip, i, ZIP_FL_ENC_GUESS));
        if (unpacker_is_junk(name) || zip_stat_index(zip, i, 0, &st) != 0)
            continue;
        size_t before = unpacker_enter(u, name);
        entry(u, zip, &st, bytes, depth, notes);
        u->path_n = before;
    }
    if (u->said == said)
        unpacker_reject(u, REJECT_zip_empty, SV_ABSENT);
}

/* As it is, or where it does not fit together: each of its parts by itself. */
static zip_t *open_any(sv bytes, struct note_set *notes, enum reject *why)
{
    zip_t *zip = open_zip(bytes, ZIP_CHECKCONS, why);
    if (zip)
        return zip;
    note_add(notes, NOTE_zip_inconsistent);
    return open_zip(bytes, 0, why);
}

static void one_zip(struct unpacker *u, sv bytes, unsigned depth, const struct note_set *notes)
{
    struct note_set all = *notes;
    enum reject why = zip_look(bytes, u->limits->zip_entries);
    if (why != REJECT_NONE_) {
        unpacker_reject(u, why, SV("zip"));
        return;
    }
    buf renamed CLEANUP(buf_free);
    buf_init(&renamed, bytes.n);
    zip_t *zip = open_any(bytes, &all, &why);
    if (zip == NULL && why == REJECT_zip_damaged) {
        buf_sv(&renamed, bytes);
        zip_forget_utf8(renamed.p, renamed.n);
        zip = open_any(buf_view(&renamed), &all, &why);
    }
    if (zip == NULL) {
        unpacker_reject(u, why, SV_ABSENT);
        return;
    }
    if (entries_overlap(zip, bytes))
        unpacker_reject(u, REJECT_zip_damaged, SV("entries overlap"));
    else
        entries(u, zip, bytes, depth, &all);
    zip_discard(zip);
}

/* libzip would read one of them, and say nothing of the others. */
void unpacker_zip(struct unpacker *u, sv bytes, unsigned depth, const struct note_set *notes)
{
    struct note_set all = *notes;
    uint64_t n = 0;
    for (size_t end; (end = zip_end(bytes)) < bytes.n && !u->stop; bytes = sv_skip(bytes, end)) {
        if (++n >= u->limits->gzip_members) {
            unpacker_reject(u, REJECT_too_many_members, SV("zip"));
            return;
        }
        note_add(&all, NOTE_reports_joined);
        one_zip(u, sv_first(bytes, end), depth, &all);
    }
    if (!u->stop)
        one_zip(u, bytes, depth, &all);
}
