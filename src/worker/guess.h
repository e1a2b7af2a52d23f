/* What a mail and what lies in it is called: of XML that is no report it tells whether it was meant to be
 * one. Reporters name their files and subjects by rule (RFC 9990 3.5.2, RFC 7489 7.2.1.1); drawings and
 * documents in other mails are called anything else. */
#ifndef WORKER_GUESS_H
#define WORKER_GUESS_H

#include <stdbool.h>

#include "base/sv.h"

/* "receiver.example!example.com!1795478400!1795564799.xml.gz", or any name that has "dmarc" in it. */
bool guess_file_is_report(sv name);

/* "Report Domain: example.com …". */
bool guess_subject_is_report(sv subject);

/* A mail of Outlook as a file (.msg), by its type or name: its octets are those of any OLE file. */
bool guess_is_outlook_mail(sv type, sv name);

#endif
