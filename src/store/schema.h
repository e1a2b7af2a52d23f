/* The tables, and the steps from one version of them to the next. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

/* What makes an empty database version 1, ended by NULL. */
extern const char *const schema_first[];

/* SQL of each later version, ended by NULL: the newest version is 1 and their number. */
extern const char *const schema_steps[];

/* "DMWN" */
#define SCHEMA_APPLICATION_ID 0x444D574E

#endif
