/* The configuration file: YAML in, struct config out, or all its errors at once with their places.
 * Pure but for reading the file itself and the files and environment variables that its secrets name. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"
#include "model/policy.h"

enum { CONFIG_TEXT = 512 };

struct config_error {
    sv file;               /* as given, or as the configuration names it */
    unsigned line, column; /* from 1; 0: the file as a whole */
    const char *code;      /* "unknown_key": stable, for programs */
    bool is_warning;
    char text[CONFIG_TEXT]; /* for people; holds words of the file (never a secret), so escape it */
};

/* In order of place. */
struct config_errors {
    struct config_error *list;
    size_t n;    /* at most limits.config_errors */
    size_t more; /* further ones, beyond it */
};

/* An included file. */
struct config_file {
    sv path, text;
    bool failed;       /* it has errors, and was left out or … */
    bool last_good;    /* … what it last held without errors is in force */
    bool holds_secret; /* literally: its text must not be kept */
};

/* All that a caller may want to know or give beside the configuration. */
struct config_extra {
    /* What the file last held without errors, into *text (in `a`); false: not known. May be NULL.
     * state_path: of the database that knows it. */
    bool (*recall)(void *ctx, sv state_path, sv path, arena *a, sv *text);
    void *ctx;
    /* Out. */
    struct config_errors warnings;
    struct config_file *files;
    size_t n_files;
};

/* Reads the file `path` into *out; everything lives in `a`.
 * The caller sets out->limits before (limits_default, and what the command line says about config_size,
 * config_depth, config_errors); the `limits` and `workers` of the file then change it, so a command line
 * that must win is applied again afterwards. So it sets out->allowlist, to false for a run. The other fields
 * of *out are overwritten. Relative paths in the file (secrets, ca_file, state.path) are taken from the
 * folder of the file. False: errors->n > 0 (also for errors in included files alone), *out must not be used,
 * the exit code is that of ERR_CONFIG. */
bool config_load(const char *path, arena *a, struct config *out, struct config_errors *errors) NODISCARD;

/* The same, with the included files and the warnings told apart. An error in an included file turns off
 * that file alone: then the result is true and errors->n > 0. Where two files disagree, the one that has
 * changed since it was last good is turned off. extra may be NULL. */
bool config_load_more(const char *path, arena *a, struct config *out, struct config_errors *errors,
                      struct config_extra *extra) NODISCARD;

/* Why this user cannot read the folder or Maildir that a mailbox is, in words, or NULL; not for IMAP. */
const char *config_folder_problem(const struct mailbox_cfg *m) NODISCARD;

/* Appends "FILE:LINE:COL: error: TEXT" and a newline, raw: for the escaper of the output. */
void config_error_print(const struct config_error *error, buf *out);

/* Appends the configuration in force as YAML, with defaults filled in and secrets as "(secret)". */
void config_print(const struct config *c, buf *out);

/* Tells configurations of a channel apart, secrets and quiet hours included; never 0. So short that no secret
 * can be found by it. */
uint32_t config_channel_tag(const struct config *config, const struct channel_cfg *c);

/* Appends the JSON Schema (2020-12) of the configuration. */
void config_json_schema(buf *out);

/* Appends the reference of all keys in scdoc(5) form: what the man page dmarcwarn.yml(5) shows. */
void config_reference(buf *out);

#endif
