/* tar (POSIX ustar, and what was before it), from memory: its plain files. Names are shown, never used. */
#include "base/magic.h"
#include "unpacker.h"

enum { BLOCK = 512, NAME_SIZE = 100, SIZE_AT = 124, SIZE_SIZE = 12, TYPE_AT = 156 };

static sv text_at(sv header, size_t at, size_t size)
{
    sv text = sv_first(sv_skip(header, at), size);
    return sv_first(text, sv_find_char(text, '\0', 0));
}

/* Octal; false: anything else, as in GNU's form for sizes that no report has. */
static bool size_of(sv header, uint64_t *size)
{
    sv digits = sv_trim(text_at(header, SIZE_AT, SIZE_SIZE));
    *size = 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '7')
            return false;
        *size = *size * 8 + (uint64_t)(digits.p[i] - '0');
    }
    return digits.n > 0;
}

static void entry(struct unpacker *u, sv name, sv data, unsigned depth, const struct note_set *notes)
{
    struct bytes_stream b;
    size_t before = unpacker_enter(u, name);
    bytes_stream_init(&b, data);
    b.s.ignore_empty = true;
    b.s.notes = *notes;
    unpacker_stream(u, &b.s, depth);
    u->path_n = before;
}

/* Takes the entry at the start of *rest; false: there is none that can be read, *why says so. */
static bool take(sv *rest, sv *name, char *type, sv *data, enum reject *why)
{
    uint64_t size;
    sv header = sv_first(*rest, BLOCK);
    *why = REJECT_NONE_;
    if (header.n < BLOCK || header.p[0] == '\0')
        return false;
    if (magic_of(header) != MAGIC_TAR || !size_of(header, &size)) {
        *why = REJECT_container_unsupported;
        return false;
    }
    if (size > rest->n - BLOCK) {
        *why = REJECT_truncated;
        return false;
    }
    *name = text_at(header, 0, NAME_SIZE);
    *type = header.p[TYPE_AT];
    *data = sv_first(sv_skip(*rest, BLOCK), (size_t)size);
    size_t whole = BLOCK + ((size_t)size + BLOCK - 1) / BLOCK * BLOCK;
    *rest = sv_skip(*rest, whole < rest->n ? whole : rest->n);
    return true;
}

static bool is_file(char type)
{
    return type == '0' || type == '\0' || type == '7';
}

void unpacker_tar(struct unpacker *u, sv bytes, unsigned depth, const struct note_set *notes)
{
    uint64_t said = u->said, entries = 0;
    enum reject why = REJECT_NONE_;
    sv name, data;
    for (char type; !u->stop && !u->total->spent && take(&bytes, &name, &type, &data, &why);) {
        if (++entries > u->limits->zip_entries) {
            unpacker_reject(u, REJECT_too_many_entries, SV("tar"));
            return;
        }
        if (is_file(type) && !unpacker_is_junk(name))
            entry(u, name, data, depth, notes);
    }
    if (why != REJECT_NONE_)
        unpacker_reject(u, why, SV("tar, damaged"));
    else if (u->said == said && !u->stop)
        unpacker_reject(u, REJECT_container_unsupported, SV("tar without files"));
}
