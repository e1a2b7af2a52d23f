/* What the files of this folder share. */
#ifndef UNPACK_UNPACKER_H
#define UNPACK_UNPACKER_H

#include "stream.h"

struct unpacker {
    const struct limits *limits;
    z_stream z;
    char chunk[UNPACK_CHUNK];
    char path[4096]; /* the member that is being read */
    size_t path_n;
    char detail[64];
    /* of the present call */
    struct unpack_total *total;
    const struct unpack_sink *sink;
    void *ctx;
    uint64_t said; /* calls of begin and reject */
    bool stop;
};

/* The member's name, or absent. */
sv unpacker_member(const struct unpacker *u);

/* Adds a step to the member's name; the return value brings it back: u->path_n = …. */
size_t unpacker_enter(struct unpacker *u, sv step);

void unpacker_reject(struct unpacker *u, enum reject reason, sv detail);

/* Reads a started stream: a container inside is opened, anything else given to the sink. depth:
 * containers around it. */
void unpacker_stream(struct unpacker *u, struct stream *s, unsigned depth);

/* A zip at that depth (1: the outermost container). */
void unpacker_zip(struct unpacker *u, sv bytes, unsigned depth, const struct note_set *notes);

/* A tar, likewise. */
void unpacker_tar(struct unpacker *u, sv bytes, unsigned depth, const struct note_set *notes);

/* Names of what systems leave beside the files that somebody packed, and of folders. */
bool unpacker_is_junk(sv name);

/* Checks a zip before libzip reads its directory: REJECT_NONE_, truncated (no end record) or
 * too_many_entries, whatever the end record claims. */
enum reject zip_look(sv bytes, uint64_t max_entries);

/* Takes from all entries of the directory the flag that says their names are UTF-8: libzip refuses a whole
 * zip for a name that is not. */
void zip_forget_utf8(char *bytes, size_t n);

/* Where the zip that begins with bytes ends and another one begins; bytes.n: there is no other. */
size_t zip_end(sv bytes);

#endif
