#include "web/fill.h"

const struct reason_option *fill_report_reasons(struct request *rq, struct str selected,
                                                size_t *ret_n)
{
    static const struct {
        struct str key;
        enum message text;
    } reasons[] = {
#define REPORT_REASON(key, message) {STR_INIT(key), T_##message},
#include "model/report_reasons.def"
#undef REPORT_REASON
    };
    struct reason_option *options =
        ARENA_ARRAY(rq->arena, struct reason_option, ARRAY_LEN(reasons));
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        options[i] = (struct reason_option){.value = reasons[i].key,
                                            .text = i18n_text(rq->words, reasons[i].text),
                                            .is_selected = str_eq(reasons[i].key, selected)};
    *ret_n = ARRAY_LEN(reasons);
    return options;
}

struct str fill_report_reason(struct request *rq, struct str key)
{
    size_t n;
    if (str_eq(key, STR("rule")))
        return i18n_text(rq->words, T_RULE_REPORTED);
    const struct reason_option *reasons = fill_report_reasons(rq, key, &n);
    for (size_t i = 0; i < n; i++) {
        if (reasons[i].is_selected)
            return reasons[i].text;
    }
    return key;
}

bool fill_reports(struct request *rq, struct tx *tx, struct comment_id id, struct decide_page *p,
                  struct err *e)
{
    struct report_line *lines;
    size_t n;
    if (!report_list(rq->web->o.domain, tx, id, &lines, &n, e))
        return false;
    struct report_row *rows = ARENA_ARRAY(rq->arena, struct report_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct report_row){
            .time = fill_time(rq, lines[i].at_s),
            .time_text = fill_time_text(rq, lines[i].at_s, I18N_DATE_TIME),
            .reason_text = fill_report_reason(rq, lines[i].reason),
            .text = lines[i].text,
            .is_closed = lines[i].closed_s != 0,
        };
    p->reports = rows;
    p->n_reports = n;
    return true;
}

struct str fill_mode_name(struct request *rq, enum mode mode)
{
    static const enum message names[] = {[MODE_OPEN] = T_CONTROL_MODE_OPEN,
                                         [MODE_FIRST] = T_CONTROL_MODE_FIRST,
                                         [MODE_HELD] = T_CONTROL_MODE_HELD,
                                         [MODE_CLOSED] = T_CONTROL_MODE_CLOSED};
    return (unsigned)mode < ARRAY_LEN(names) ? i18n_text(rq->words, names[mode]) : STR_NONE;
}
