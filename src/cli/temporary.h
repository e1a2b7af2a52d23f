/* A file that gets its name when it is whole: it is gone when a signal ends the program before. */
#ifndef CLI_TEMPORARY_H
#define CLI_TEMPORARY_H

/* One file at a time; the path is kept by address. */
void temporary_begin(const char *path);
void temporary_end(void);

#endif
