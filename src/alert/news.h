/* Whether people are told of an incident now, and why: the table of what is news, and what holds news back.
 */
#ifndef ALERT_NEWS_H
#define ALERT_NEWS_H

#include "life.h"

/* Of an incident about sources that fires. Also sets its `due`: when to look again though nothing comes in.
 */
enum news news_of(const struct alert_case *c, struct outcome *o);

/* Of one whose evidence is no number of messages and that has been told: told again because it goes on.
 * fresh: evidence has come in since. Also sets `due`. */
enum news news_of_standing(const struct alert_case *c, struct outcome *o, bool fresh);

/* What is to be said of the end of an incident: nothing where nobody was told or nobody mends it. */
enum news news_of_end(const struct alert_case *c, const struct incident *i, enum news end);

/* Seconds after which an incident is told again that was told so often again already; 0: never. */
int64_t news_repeat_after(const struct repeat_cfg *repeat, uint32_t repeats);

/* Where reports stopped, the event clock stands still, and what it calls fresh may be months old: nobody
 * is told of that. */
bool news_is_old(const struct alert_case *c, int64_t last_day);

#endif
