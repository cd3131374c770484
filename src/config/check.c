#include "config/check.h"

#include <arpa/inet.h>

#include "base/must.h"
#include "config/yaml.h"
#include "text/language.h"
#include "text/zone.h"

#define ADDRESS_BYTES_MAX 64
/* sockaddr_un has room for so many bytes with the NUL. */
#define SOCKET_PATH_BYTES_MAX 107

/* Adds a fault about item i of a list, or about a single value (i is 0). */
static void wrong(const struct settings_judged *j, const void *member, size_t i, struct str value,
                  const char *what)
{
    size_t n_rows;
    const struct setting_about *rows = settings_about(&n_rows);
    size_t row = 0;
    while (row < n_rows &&
           rows[row].offset != (size_t)((const char *)member - (const char *)j->settings))
        row++;
    MUST(row < n_rows);
    struct faults *faults = &j->report->faults;
    struct str quote = fault_quote(faults->arena, value);
    if (j->report->origins[row] == SETTING_ENVIRONMENT) {
        fault_add(faults, STR("environment"), 0, STR_FMT ": \"" STR_FMT "\" %s",
                  STR_ARG(setting_environment(faults->arena, &rows[row])), STR_ARG(quote), what);
        return;
    }
    const struct yaml_node *node = j->nodes[row];
    size_t line = node ? node->line : 0;
    if (node && node->kind == YAML_LIST) {
        node = node->first;
        for (size_t k = 0; k < i && node; k++)
            node = node->next;
        line = node ? node->line : line;
    }
    fault_add(faults, j->path, line, "%s: \"" STR_FMT "\" %s", rows[row].name, STR_ARG(quote),
              what);
}

static bool is_port(struct str s)
{
    int64_t port;
    return str_to_int64(s, 1, 65535, &port);
}

static bool is_address(int family, struct str s)
{
    char text[ADDRESS_BYTES_MAX];
    uint8_t address[16];
    if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, 0, s.n))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    return inet_pton(family, text, address) == 1;
}

/* Letters, digits, hyphens and dots; international names in their xn-- form. */
static bool is_host_name(struct str s)
{
    if (s.n == 0 || s.n > 253 || s.p[0] == '-' || s.p[0] == '.')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || (c == '.' && s.p[i - 1] != '.');
        if (!fits)
            return false;
    }
    return s.p[s.n - 1] != '-' && s.p[s.n - 1] != '.';
}

/* Takes "host:port" or "[v6]:port" apart; the port is empty when there is none. */
static bool cut_host(struct str s, struct str *ret_host, bool *ret_is_v6, struct str *ret_port)
{
    *ret_port = STR_NONE;
    *ret_is_v6 = str_begins(s, STR("["));
    if (*ret_is_v6) {
        struct str rest;
        if (!str_cut(str_from(s, 1), ']', ret_host, &rest))
            return false;
        if (rest.n == 0)
            return true;
        *ret_port = str_from(rest, 1);
        return rest.p[0] == ':' && ret_port->n > 0;
    }
    if (!str_cut(s, ':', ret_host, ret_port)) {
        *ret_host = s;
        return true;
    }
    return ret_port->n > 0;
}

bool settings_is_origin(struct str s)
{
    struct str rest, host, port;
    bool is_v6;
    if (str_begins(s, STR("https://")))
        rest = str_from(s, 8);
    else if (str_begins(s, STR("http://")))
        rest = str_from(s, 7);
    else
        return false;
    if (!cut_host(rest, &host, &is_v6, &port))
        return false;
    return (is_v6 ? is_address(AF_INET6, host) : is_host_name(host)) &&
           (port.n == 0 || is_port(port));
}

bool settings_is_listen(struct str s)
{
    if (str_begins(s, STR("unix:"))) {
        struct str path = str_from(s, 5);
        return str_begins(path, STR("/")) && path.n <= SOCKET_PATH_BYTES_MAX;
    }
    struct str host, port;
    bool is_v6;
    if (!cut_host(s, &host, &is_v6, &port) || !is_port(port))
        return false;
    return is_v6 ? is_address(AF_INET6, host) : host.n == 0 || is_host_name(host);
}

bool settings_is_network(struct str s)
{
    struct str address = s, bits;
    int64_t n_bits = 0;
    bool has_bits = str_cut(s, '/', &address, &bits);
    bool is_v4 = is_address(AF_INET, address);
    if (!is_v4 && !is_address(AF_INET6, address))
        return false;
    return !has_bits || str_to_int64(bits, 0, is_v4 ? 32 : 128, &n_bits);
}

static void check_list(const struct settings_judged *j, const struct setting_list *list,
                       bool (*is_good)(struct str), const char *what)
{
    for (size_t i = 0; i < list->n; i++)
        if (!is_good(list->items[i]))
            wrong(j, list, i, list->items[i], what);
}

static void check_languages(const struct settings_judged *j)
{
    const struct settings *s = j->settings;
    const struct setting_list *languages = &s->site_languages;
    check_list(j, languages, language_is_tag,
               "is not a language tag; write one like kk, uz-Latn or pt-BR");
    bool is_among = false;
    for (size_t i = 0; i < languages->n; i++) {
        is_among |= str_eq(languages->items[i], s->site_language);
        for (size_t k = 0; k < i; k++)
            if (str_eq(languages->items[i], languages->items[k]))
                wrong(j, languages, i, languages->items[i],
                      "stands there a second time; remove one of them");
    }
    if (!language_is_tag(s->site_language))
        wrong(j, &s->site_language, 0, s->site_language,
              "is not a language tag; write one like kk, uz-Latn or pt-BR");
    else if (!is_among)
        wrong(j, &s->site_language, 0, s->site_language,
              "is not among site.languages; add it there or choose one of them");
}

static void check_word(const struct settings_judged *j, const struct str *value,
                       const char *const *words, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(*value, str_of(words[i])))
            return;
    wrong(j, value, 0, *value, what);
}

static bool is_server_address(struct str address)
{
    return str_begins(address, STR("postgresql://")) || str_begins(address, STR("postgres://"));
}

void settings_check(const struct settings_judged *j)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    static const char *const whom[] = {"never", "seniors", "all"};
    static const char *const yes_no[] = {"yes", "no"};
    static const char *const modes[] = {"open", "first", "held", "closed"};
    const struct settings *s = j->settings;
    check_languages(j);
    if (!settings_is_origin(s->site_origin))
        wrong(j, &s->site_origin, 0, s->site_origin,
              "is not an origin; write http:// or https:// and a host, perhaps :port, and nothing "
              "behind it (international names in their xn-- form)");
    if (!zone_is_known(s->site_zone))
        wrong(j, &s->site_zone, 0, s->site_zone,
              "is not a time zone; write a name of the IANA database like Asia/Almaty");
    if (s->store_replica.n > 0 &&
        !(is_server_address(s->store_replica) && is_server_address(s->database)))
        wrong(j, &s->store_replica, 0, STR("the address"),
              "is of no use; write postgresql://…, as for the database itself");
    check_list(j, &s->server_listen, settings_is_listen,
               "is not an address to listen on; write host:port, [v6]:port or unix:/path");
    check_list(j, &s->server_operator_listen, settings_is_listen,
               "is not an address to listen on; write host:port, [v6]:port or unix:/path");
    check_list(j, &s->server_trusted_proxies, settings_is_network,
               "is not an address or a network; write one like 10.0.0.1, 10.0.0.0/8 or fd00::/8");
    check_word(j, &s->log_level, levels, ARRAY_LEN(levels),
               "is not a level; write error, warning, info or debug");
    check_word(j, &s->moderation_second_step, whom, ARRAY_LEN(whom),
               "is not one of these: never, seniors, all");
    check_word(j, &s->moderation_search, yes_no, ARRAY_LEN(yes_no), "is neither yes nor no");
    check_word(j, &s->comments_mode, modes, ARRAY_LEN(modes),
               "is not a mode; write open, first, held or closed");
}
