/* What included configuration files last held without errors: should one break, that stays in force. */
#ifndef STORE_CONFIG_FILES_H
#define STORE_CONFIG_FILES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/store.h"

/* *text is absent when nothing is known of that path. */
bool store_config_file(struct store *s, sv path, arena *a, sv *text, struct err *e) NODISCARD;

/* Keeps the text, which must not hold a secret; absent: forgets it. A transaction of its own. */
bool store_keep_config_file(struct store *s, sv path, sv text, struct err *e) NODISCARD;

#endif
