/* Every text of a configuration error, each with the code that programs see. {} takes the arguments in
 * order. No text ever takes a secret. */
#ifndef CONFIG_TEXTS_H
#define CONFIG_TEXTS_H

/* clang-format off */
#define PROBLEMS(X) \
    /* the file */ \
    X(cannot_open,       "cannot be opened: {}; name another file, or write this one: dmarcwarn.yml(5) shows an example") \
    X(cannot_read,       "cannot be read: {}") \
    X(too_large,         "is larger than {} octets (limit config_size)") \
    X(writable_by_all,   "may be written by anybody on this machine; run: chmod o-w {}") \
    X(no_content,        "has no content; dmarcwarn.yml(5) shows an example") \
    X(out_of_memory,     "out of memory") \
    X(main_only,         "'{}' belongs into the main file alone; take it out here") \
    X(include_missing,   "include: there is no file {}") \
    X(too_many_files,    "include: more than {} files (limit config_files)") \
    /* what is right and probably not meant: warnings */ \
    X(unused_sender,     "sender '{}' is used by no domain") \
    X(nobody_told,       "routes is an empty list, so nobody is ever told of anything; take it out for the default") \
    X(everybody,         "{} of sender '{}' has {}, which is everybody") \
    X(no_folder,         "mailbox '{}': {}: {}; the next run will fail") \
    X(readable_by_all,   "holds a secret, and anybody on this machine may read it; run: chmod o-r {}") \
    X(secret_for_all,    "{}: anybody on this machine may read {}; run: chmod o-r {}") \
    X(unknown_tenant,    "domain '{}': tenants has no '{}'") \
    X(unknown_tenant_near, "domain '{}': tenants has no '{}'; did you mean '{}'?") \
    X(tenant_unheard,    "tenant '{}' has channels, and no route names the word tenant in its 'to', so they hear nothing") \
    X(agent_unheard,     "no channel hears of a mailbox that cannot be read, as a tenant's hear of its domains alone and all others are left out by routes; add a channel that no tenant names, or a route that fits it") \
    X(no_gap,            "{} leaves no minute of the week: what can wait is told after days") \
    X(owner_unknown,     "channel '{}' has owner in its 'to', and no sender has an owner that is an address") \
    X(dead_route,        "route {} can never match: route {} takes everything before it") \
    X(silence_over,      "{}: this day is over, so the silence silences nothing") \
    X(silence_domain,    "{}: no domain of the configuration fits '{}', so the silence silences nothing of any") \
    X(silence_domain_near, "{}: no domain of the configuration fits '{}'; did you mean '{}'?") \
    X(silence_subject,   "{}: '{}' is no network and no sender of the configuration") \
    X(silence_subject_near, "{}: '{}' is no network and no sender of the configuration; did you mean '{}'?") \
    /* YAML */ \
    X(not_yaml,          "this is no YAML: {}") \
    X(tab,               "a tab; YAML is indented by spaces alone") \
    X(bare_star,         "'*' at the start of a value or key must stand in quotes: \"*\"") \
    X(bare_sign,         "a value or key that begins with '{}' must stand in quotes") \
    X(too_deep,          "more than {} levels inside each other (limit config_depth)") \
    X(several_documents, "a second document begins here; one file holds one") \
    X(anchor,            "anchors ('&{}') are not supported; write the value out") \
    X(alias,             "aliases ('*{}') are not supported; write the value out") \
    X(tag,               "tags ('{}') are not supported; quotes make a text of anything") \
    X(merge_key,         "the merge key '<<' is not supported; write the values out") \
    X(complex_key,       "a key must be a text") \
    X(duplicate_key,     "duplicate key '{}' (first at {}:{}:{})") \
    /* keys */ \
    X(unknown_key,       "unknown key '{}' in {}") \
    X(unknown_near,      "unknown key '{}' in {}; did you mean '{}'?") \
    X(unknown_elsewhere, "unknown key '{}' in {}; its place is {}") \
    X(other_type,        "'{}' is no key of {}, which has the type {}") \
    X(not_built,         "{} is not built yet; take it out") \
    X(missing_key,       "{} has no '{}'") \
    X(bad_name,          "a name in {} must have 1 to {} octets and no control characters") \
    X(no_entry,          "{} must have at least one entry") \
    /* values */ \
    X(no_value,          "{} has no value") \
    X(not_text,          "{} must be one value, not a list or map") \
    X(not_list,          "{} must be a list, like [{}]") \
    X(not_map,           "{} must be a map of keys and values") \
    X(control_character, "{} holds a control character or line break") \
    X(bad_number,        "{}: '{}' is no number from {} to {}") \
    X(bad_duration,      "{}: '{}' is no duration, like 7d, 12h or 1h30m") \
    X(duration_range,    "{}: {} is not between {} and {}") \
    X(too_little,        "{}: {} is less than {}; {}") \
    X(kept_shorter,      "state.keep_daily is {}, less than state.keep_rows, {}; daily sums are what is left of older rows") \
    X(kept_unlearnt,     "state.keep_daily is {}, less than alerting.learn, {}; no domain would ever have that much data") \
    X(bad_choice,        "{}: '{}' is none of {}") \
    X(bad_choice_near,   "{}: '{}' is none of {}; did you mean '{}'?") \
    X(bad_network,       "{}: {}") \
    X(bad_limit,         "{}") \
    X(bad_domain,        "'{}' in domains is no domain name") \
    X(same_domain,       "'{}' is the same domain as '{}' at {}:{}:{}") \
    X(no_sender,         "{}: no sender '{}'; the key 'senders' of the file knows none of that name") \
    X(no_sender_near,    "{}: no sender '{}'; did you mean '{}' ({}:{})?") \
    X(no_channel,        "{}: no channel '{}'; the key 'channels' of the file knows none of that name") \
    X(no_channel_near,   "{}: no channel '{}'; did you mean '{}' ({}:{})?") \
    X(same_twice,        "{}: '{}' stands in this list twice") \
    X(no_evidence,       "{} has nothing to know it by: ip, dkim, spf, signs_as, bounces_as or networks") \
    X(networks_not_ours, "{}: only a sender of ours has networks of ours; take out kind or networks") \
    X(parked_senders,    "{}: a parked domain has no senders; take out parked, or write senders: []") \
    X(bad_name_value,    "{}: '{}' is no domain name") \
    X(bad_date,          "{}: '{}' is no date, like 2027-06-30") \
    X(silence_of_all,    "{} would silence everything; give it at least one of rule, domain, tenant and subject") \
    X(silence_too_long,  "{}: {} is more than {} days ahead; a silence has an end that somebody will see") \
    X(bad_share,         "{}: '{}' is no share, like 2% or 0.02") \
    X(share_ambiguous,   "{}: '{}' is ambiguous, write '{}%', or a fraction like 0.02") \
    X(bad_repeat,        "{}: '{}' is none of diminishing, daily, never, and no duration from 1d to 365d") \
    X(bad_weekday,       "{}: '{}' is none of mon, tue, wed, thu, fri, sat, sun") \
    X(bad_span,          "{}: '{}' is no span of a day, like 19:00-07:00") \
    X(always_quiet,      "{}: on all days of the week nobody would ever be told") \
    X(bad_zone,          "{}: '{}' is no time zone that this machine knows; write a name like Europe/Berlin, or UTC") \
    X(word_as_name,      "{}: the word {} means other recipients; give the channel another name") \
    X(digest_wordless,   "{}: channel '{}' is of type {}, which carries no text; name others") \
    X(bad_days,          "{}: '{}' is no number of whole days from 1d to 7d") \
    X(bad_rule,          "{}: there is no rule '{}'; 'dmarcwarn rules' lists them") \
    X(bad_rule_near,     "{}: there is no rule '{}'; did you mean '{}'?") \
    X(rule_shape,        "{} must be a map of keys and values, or off") \
    X(file_unreadable,   "{}: cannot open {}: {}") \
    /* URLs and addresses */ \
    X(url_scheme,        "{}: the URL must begin with {}") \
    X(url_login,         "{}: no user or password in a URL; they have keys of their own") \
    X(url_host,          "{}: there is no host name or address between :// and the port or end") \
    X(url_port,          "{}: the port must be a number from 1 to 65535") \
    X(mailbox_path,      "{}: no path in the URL of a mailbox; the folder has a key of its own, folder: {}") \
    X(smtp_path,         "{}: nothing may follow host and port in the URL of an SMTP server") \
    X(webhook_plain,     "{}: http:// only to this machine, by address (127.0.0.1 or [::1]); use https://") \
    X(webhook_url,       "{}: this is no URL of a webhook, like https://hooks.example.com/services/…") \
    X(teams_retired,     "{}: Microsoft has retired the Office 365 connectors, of which this is one, and nothing sent there arrives; in Teams make a workflow that posts what a webhook receives, and store its URL") \
    X(bad_address,       "{}: '{}' is no mail address") \
    X(owner_alone,       "{}: not every incident has an owner; give an address beside it") \
    X(bad_from,          "{}: '{}' is no mail address, alone or as: Name <address>") \
    X(no_login,          "{} has neither 'password' nor 'oauth2'") \
    X(two_logins,        "{}: password and oauth2 exclude each other") \
    X(oauth_user,        "{}: oauth2 needs 'user', the mailbox that it logs in to") \
    X(oauth_grant,       "{} must say how a token is got, by one of {}") \
    X(oauth_other,       "{}: '{}' does not go with '{}'") \
    X(token_url,         "{}: this is no URL of a token server, like https://login.example.com/token") \
    X(login_pair,        "{}: user and password must be given together") \
    /* mailboxes */ \
    X(after_shape,       "{} must be one of: keep, seen, {move: FOLDER}, {delete: {older_than: 30d}}") \
    X(after_files,       "{}: nothing is ever changed in a mailbox of the type {}; take it out, or write keep") \
    X(on_error_shape,    "{} must be {move: FOLDER}") \
    X(same_folder,       "{}: '{}' is the folder that is read; name another one") \
    X(trust_shape,       "{} must be exchange-online, google, or a map like {authserv_id: mx.example.com}") \
    X(trust_near,        "{}: '{}' is neither exchange-online nor google; did you mean '{}'?") \
    X(trust_word,        "{}: '{}' is neither exchange-online nor google; a server of yours: {authserv_id: {}}") \
    X(bad_authserv_id,   "{}: '{}' is no authserv-id; it is the first word of the Authentication-Results that your server writes") \
    /* secrets */ \
    X(secret_shape,      "{} must be the secret itself, or one of {file: PATH}, {credential: NAME}, {env: NAME}, {command: [PROGRAM, ...]}, {literal: TEXT}") \
    X(secret_open,       "{}: cannot open {}: {}") \
    X(secret_read,       "{}: cannot read {}: {}") \
    X(secret_large,      "{}: {} is larger than {} octets (limit secret_size)") \
    X(credential_name,   "{}: '{}' is no name of a credential, like the one in LoadCredential=imap:/etc/dmarcwarn/secrets/imap") \
    X(credential_none,   "{}: systemd gave no credentials to this process; add LoadCredential={}:PATH to the service, or write {file: PATH}") \
    X(secret_env,        "{}: the environment variable {} is not set") \
    X(secret_command,    "{} must be a list: the path of a program, then its arguments") \
    X(secret_program,    "{}: {} {}") \
    X(secret_empty,      "{}: the secret is empty") \
    X(secret_lines,      "{}: the secret must be one line without control characters") \
    X(key_base64,        "{}: what follows whsec_ is no base64") \
    X(key_short,         "{}: the key has {} octets, at least {} are needed; make one with: openssl rand -hex 32")
/* clang-format on */

enum problem {
#define PROBLEM_ITEM(code, text) PROBLEM_##code,
    PROBLEMS(PROBLEM_ITEM)
#undef PROBLEM_ITEM
        PROBLEM_END
};

#endif
