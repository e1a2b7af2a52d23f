/* Names that freeze and thaw share. */
#ifndef RENDER_FROZEN_H
#define RENDER_FROZEN_H

#include "model/notice.h"
#include "model/verdict.h"

#define FROZEN_SCHEMA "dmarcwarn.notice.v1"

/* Names of enum leg. */
extern const char *const frozen_legs[LEG_END];

/* Names of enum item_kind, line_kind, notice_kind, lang. */
extern const char *const frozen_items[ITEM_END],
    *const frozen_lines[LINE_END], *const frozen_notices[NOTICE_END], *const frozen_langs[LANG_END];

#endif
