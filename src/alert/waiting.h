/* Who has not told yet of the days that a notice is about. */
#ifndef ALERT_WAITING_H
#define ALERT_WAITING_H

#include "finding.h"

/* Writes the waiting reporters of the items whose evidence is mail of sources or figures of the domain, those
 * with the most mail first: they tell of that day of the week usually, of a hundredth of the domain's mail or
 * more, and nothing of the item's last day or later has come from them. Whoever is not verified must have
 * done so for three weeks, so that a name of yesterday is not waited for. Nobody is named once a reporter
 * would rather be silent than late. Texts are in a. False: no memory. */
bool waiting_name(const struct survey *s, struct notice_item *items, size_t n, arena *a) NODISCARD;

/* What is left when both are one: who has told of neither. */
void waiting_join(struct notice_item *to, const struct notice_item *from);

#endif
