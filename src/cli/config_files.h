/* Included configuration files: what they last held, and what is said of those that have errors. */
#ifndef CLI_CONFIG_FILES_H
#define CLI_CONFIG_FILES_H

#include "run.h"

/* Says what is wrong in included files, once for as long as it lasts (at -v every time), and keeps those
 * that are right. False: the store failed. */
bool config_files_settle(struct run *r, struct err *e) NODISCARD;

#endif
