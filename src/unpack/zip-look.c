/* A look at the end record and the directory of a zip (APPNOTE 4.3.12 to 4.3.16). libzip allocates and
 * reads every entry when it opens a file; this counts them first. */
#include "unpacker.h"

enum {
    END_SIZE = 22,
    END_COMMENT_MAX = 65535,
    LOCATOR_SIZE = 20,
    END64_SIZE = 56,
    ENTRY_SIZE = 46,
    LOCAL_SIZE = 30,
    UTF8_FLAG_HIGH = 1 << 3, /* bit 11 of the flags, in their second octet */
};

static uint64_t get_le(sv bytes, uint64_t at, unsigned octets)
{
    uint64_t v = 0;
    for (unsigned i = octets; i > 0; i--)
        v = v << 8 | (unsigned char)bytes.p[at + i - 1];
    return v;
}

static bool has(sv bytes, uint64_t at, sv signature, size_t size)
{
    return bytes.n >= size && at <= bytes.n - size && sv_starts(sv_skip(bytes, (size_t)at), signature);
}

static bool is_entry(sv bytes, uint64_t at)
{
    return has(bytes, at, SV("PK\x01\x02"), ENTRY_SIZE);
}

/* Behind the entry of the directory at `at`. */
static uint64_t next_entry(sv bytes, uint64_t at)
{
    return at + ENTRY_SIZE + get_le(bytes, at + 28, 2) + get_le(bytes, at + 30, 2) +
           get_le(bytes, at + 32, 2);
}

/* Entries of the directory at `at`, counted by walking it; more than max is max + 1. */
static uint64_t walk(sv bytes, uint64_t at, uint64_t max)
{
    uint64_t entries = 0;
    for (; entries <= max && is_entry(bytes, at); at = next_entry(bytes, at))
        entries++;
    return entries;
}

void zip_forget_utf8(char *bytes, size_t n)
{
    sv all = sv_of(bytes, n);
    for (size_t end = 0; (end = sv_find(all, SV("PK\x05\x06"), end)) != SIZE_MAX; end++) {
        if (n - end < END_SIZE)
            return;
        for (uint64_t at = get_le(all, end + 16, 4); is_entry(all, at); at = next_entry(all, at)) {
            uint64_t local = get_le(all, at + 42, 4);
            bytes[at + 9] &= ~UTF8_FLAG_HIGH;
            if (has(all, local, SV("PK\x03\x04"), LOCAL_SIZE))
                bytes[local + 7] &= ~UTF8_FLAG_HIGH;
        }
    }
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* What one end record claims and its directory holds, whichever is more. */
static uint64_t entries_of(sv bytes, size_t end, uint64_t max)
{
    uint64_t claimed = get_le(bytes, end + 10, 2), directory = get_le(bytes, end + 16, 4);
    if (end >= LOCATOR_SIZE && has(bytes, end - LOCATOR_SIZE, SV("PK\x06\x07"), LOCATOR_SIZE)) {
        uint64_t end64 = get_le(bytes, end - LOCATOR_SIZE + 8, 8);
        if (has(bytes, end64, SV("PK\x06\x06"), END64_SIZE)) {
            claimed = get_le(bytes, end64 + 32, 8);
            directory = get_le(bytes, end64 + 48, 8);
        }
    }
    return larger(claimed, walk(bytes, directory, max));
}

/* The directory stands before its end record, and its own offset counts from the start of bytes: the record
 * is that of the first zip, and of none that lies stored in it. */
static bool ends_first(sv bytes, size_t end)
{
    uint64_t size = get_le(bytes, end + 12, 4), at = get_le(bytes, end + 16, 4);
    return at + size == end && has(bytes, at, SV("PK\x01\x02"), ENTRY_SIZE);
}

size_t zip_end(sv bytes)
{
    for (size_t at = 0; (at = sv_find(bytes, SV("PK\x05\x06"), at)) != SIZE_MAX; at++) {
        if (bytes.n - at < END_SIZE || !ends_first(bytes, at))
            continue;
        uint64_t end = at + END_SIZE + get_le(bytes, at + 20, 2);
        while (end < bytes.n && ascii_is_blank(bytes.p[end]))
            end++;
        if (end < bytes.n && sv_starts(sv_skip(bytes, (size_t)end), SV("PK\x03\x04")))
            return (size_t)end;
    }
    return bytes.n;
}

enum reject zip_look(sv bytes, uint64_t max_entries)
{
    bool found = false;
    size_t tail = bytes.n > END_SIZE + END_COMMENT_MAX ? bytes.n - END_SIZE - END_COMMENT_MAX : 0;
    /* Every one of them: which libzip takes is its own affair. */
    for (size_t at = tail; (at = sv_find(bytes, SV("PK\x05\x06"), at)) != SIZE_MAX; at++) {
        if (bytes.n - at < END_SIZE)
            break;
        found = true;
        if (entries_of(bytes, at, max_entries) > max_entries)
            return REJECT_too_many_entries;
    }
    return found ? REJECT_NONE_ : REJECT_truncated;
}
