/* The parts of a URL (RFC 3986) that a configuration may have: SCHEME://HOST[:PORT][REST]. */
#ifndef CONFIG_URL_H
#define CONFIG_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/sv.h"

enum url_fault {
    URL_OK,
    URL_SCHEME, /* no SCHEME:// */
    URL_LOGIN,  /* user or password before the host */
    URL_HOST,   /* none, or octets that no name and no address has */
    URL_PORT,   /* not 1 to 65535 */
};

/* Views into the text. */
struct url {
    sv scheme;     /* as written */
    sv host;       /* without brackets */
    sv rest;       /* from the first '/', '?' or '#' after the host; often empty */
    uint16_t port; /* 0: not given */
};

/* *out holds the parts before the fault. */
enum url_fault url_split(sv text, struct url *out) NODISCARD;

/* An address of this machine (127.0.0.0/8, ::1). A name never is: it may lead elsewhere tomorrow. */
bool url_host_is_loopback(sv host);

#endif
