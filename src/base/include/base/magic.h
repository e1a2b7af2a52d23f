/* What octets are, by their first few: the only thing that decides a container (RFC 6713, APPNOTE 4.3,
 * and standards for the rest). Names and MIME types are hints that lie. */
#ifndef BASE_MAGIC_H
#define BASE_MAGIC_H

#include "base/sv.h"

enum magic {
    MAGIC_NONE, /* nothing known: may be a mail */
    MAGIC_EMPTY,
    MAGIC_GZIP,
    MAGIC_ZIP,
    MAGIC_XML,  /* after a BOM, blanks and NULs: '<' */
    MAGIC_JSON, /* after these: '{', or '[' and '{' */
    MAGIC_MBOX, /* "From " at the very start */
    MAGIC_BZIP2,
    MAGIC_XZ,
    MAGIC_ZSTD,
    MAGIC_7Z,
    MAGIC_TNEF,
    MAGIC_UTF16_XML, /* UTF-16 with or without BOM, then '<' */
    MAGIC_UTF16_JSON,
    MAGIC_TAR, /* by the checksum of its first header: 512 octets are needed */
    MAGIC_OLE, /* Microsoft's compound files: .msg of Outlook, .doc, .xls */
    MAGIC_RAR,
    MAGIC_COMPRESS, /* .Z */
    MAGIC_LZIP,
    MAGIC_LZMA,
    MAGIC_LZ4,
    MAGIC_LHA,
    MAGIC_ARJ,
    MAGIC_CAB,
    MAGIC_ZLIB, /* RFC 1950 */
    MAGIC_PGP,  /* encrypted: armoured, or packets that hold session keys (RFC 9580 5.1, 5.3) */
};

enum magic magic_of(sv head);

/* A container, XML or JSON: it can be told from a mail and from text. */
bool magic_is_document(enum magic m);

/* Packed in a way that nothing here can undo. */
bool magic_is_unsupported(enum magic m);

/* Whether a line begins a mail of an mbox (RFC 4155): "From somebody Sat Jan  3 01:05:34 1996". A time of day
 * tells it from a sentence that begins so. */
bool magic_is_mbox_line(sv line);

/* "gzip", "zip", …: for messages. */
const char *magic_name(enum magic m);

#endif
