/* Texts and evidence stored once, by id. Inside T1. */
#ifndef STORE_INTERN_H
#define STORE_INTERN_H

#include "db.h"
#include "model/report.h"

/* Id of a text, from 1; absent text has 0. */
bool intern_name(struct store *s, sv text, int64_t *id, struct err *e) NODISCARD;

bool intern_evidence(struct store *s, const struct record *r, int64_t *id, struct err *e) NODISCARD;

#endif
