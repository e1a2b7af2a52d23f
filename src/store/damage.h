/* What opening a database and putting it aside know of each other. */
#ifndef STORE_DAMAGE_ROOM_H
#define STORE_DAMAGE_ROOM_H

#include "base/attr.h"
#include "base/err.h"
#include "store/store.h"

/* Somebody has found it damaged. */
bool damage_is_marked(const char *path);

/* store_open in spite of the mark. */
bool store_open_marked(sv path, const struct limits *limits, struct store **out, struct err *e) NODISCARD;

#endif
