#include "web/frame.h"

#include "domain/campaign_case.h"
#include "domain/moderation.h"
#include "text/count.h"
#include "text/language.h"
#include "web/address.h"
#include "web/console.h"
#include "web/door.h"
#include "web/fill.h"
#include "web/gate.h"

static struct str direction_name(struct str lang)
{
    return language_direction(lang) == DIRECTION_RTL ? STR("rtl") : STR("ltr");
}

const struct language_link *frame_links(struct request *rq, const struct lang_path *languages,
                                        size_t n, struct str current, size_t *ret_n)
{
    *ret_n = n > 1 ? n : 0;
    if (n < 2)
        return NULL;
    struct language_link *links = ARENA_ARRAY(rq->arena, struct language_link, n);
    for (size_t i = 0; i < n; i++) {
        links[i] = (struct language_link){
            .name = i18n_language_name(rq->arena, languages[i].lang),
            .lang = languages[i].lang,
            .dir = direction_name(languages[i].lang),
            .address = languages[i].path,
            .is_current = str_eq(languages[i].lang, current),
        };
    }
    return links;
}

const struct section *frame_section(const struct frame *f, struct str key)
{
    for (size_t i = 0; i < f->n_sections; i++) {
        if (str_eq(f->sections[i].key, key))
            return &f->sections[i];
    }
    return NULL;
}

/* hreflang links, and x-default: the site's language, or the first there is. */
static void fill_alternates(struct request *rq, const struct frame_want *want,
                            struct page_head *head)
{
    if (want->n_languages < 2)
        return;
    struct alternate_link *links =
        ARENA_ARRAY(rq->arena, struct alternate_link, want->n_languages + 1);
    size_t standard = 0;
    for (size_t i = 0; i < want->n_languages; i++) {
        links[i].hreflang = want->languages[i].lang;
        links[i].address = address_absolute(rq, want->languages[i].path);
        if (str_eq(want->languages[i].lang, rq->web->o.domain->site.language))
            standard = i;
    }
    links[want->n_languages] = (struct alternate_link){STR("x-default"), links[standard].address};
    head->alternates = links;
    head->n_alternates = want->n_languages + 1;
}

static void fill_feeds(struct request *rq, const struct frame_want *want, struct frame *f)
{
    const struct site *site = &rq->web->o.domain->site;
    struct feed_link *feeds = ARENA_ARRAY(rq->arena, struct feed_link, 2);
    size_t n = 0;
    if (want->feed_path.n)
        feeds[n++] = (struct feed_link){want->feed_title, want->feed_path};
    feeds[n++] = (struct feed_link){
        site->name, arena_printf(rq->arena, "/" STR_FMT "/feed.atom", STR_ARG(rq->lang))};
    f->head.feeds = feeds;
    f->head.n_feeds = n;
    f->foot.feeds = feeds + n - 1;
    f->foot.n_feeds = 1;
}

static void fill_head(struct request *rq, const struct frame_want *want, struct frame *f)
{
    const struct site *site = &rq->web->o.domain->site;
    f->head = (struct page_head){
        .lang = rq->lang,
        .description = count_head(want->description, 200),
        .is_noindex = want->is_noindex,
        .css_address = address_asset(rq, STR("theme.css")),
        .icon_address = address_asset(rq, STR("icon.svg")),
    };

    f->head.dir = direction_name(rq->lang);
    f->head.title = want->title.n ? arena_printf(rq->arena, STR_FMT " – " STR_FMT,
                                                 STR_ARG(want->title), STR_ARG(site->name))
                                  : site->name;
    if (want->path.n)
        f->head.canonical = address_absolute(rq, want->path);
    if (want->has_script)
        f->head.js_address = address_asset(rq, STR("reader.js"));
    if (want->has_passkey)
        f->head.js_address = address_asset(rq, STR("passkey.js"));
    if (want->has_console)
        f->head.js_address = address_asset(rq, STR("console.js"));
    fill_alternates(rq, want, &f->head);
    fill_feeds(rq, want, f);
}

static void fill_bar(struct request *rq, const struct frame_want *want, struct frame *f)
{
    const struct site *site = &rq->web->o.domain->site;
    struct lang_path *fronts = ARENA_ARRAY(rq->arena, struct lang_path, site->n_languages);
    for (size_t i = 0; i < site->n_languages; i++)
        fronts[i] =
            (struct lang_path){site->languages[i], address_front(rq->arena, site->languages[i])};
    f->bar.site_name = site->name;
    f->bar.front_address = address_front(rq->arena, rq->lang);
    if (!address_is_mod(rq->path)) /* the console has a choice that does not lead out of it */
        f->bar.languages =
            frame_links(rq, fronts, site->n_languages, rq->lang, &f->bar.n_languages);
    struct section_link *links = ARENA_ARRAY(rq->arena, struct section_link, f->n_sections);
    for (size_t i = 0; i < f->n_sections; i++)
        links[i] = (struct section_link){
            .name = f->sections[i].name,
            .address = address_section(rq->arena, rq->lang, f->sections[i].slug),
            .is_current = want->section.n && str_eq(f->sections[i].key, want->section),
        };
    f->bar.sections = links;
    f->bar.n_sections = f->n_sections;
}

static void fill_foot(struct request *rq, const struct standing *pages, size_t n, struct frame *f)
{
    struct page_link *links = ARENA_ARRAY(rq->arena, struct page_link, n);
    for (size_t i = 0; i < n; i++) {
        links[i] = (struct page_link){pages[i].title,
                                      address_standing(rq->arena, rq->lang, pages[i].slug)};
        if (str_eq(pages[i].key, STR("policy")))
            f->policy_address = links[i].address;
    }
    f->foot.site_name = rq->web->o.domain->site.name;
    f->foot.links = links;
    f->foot.n_links = n;
}

/* "Queue 8": a page of the console, and how many wait there. */
static struct str counted_text(struct request *rq, enum message page, struct str n)
{
    struct str name = i18n_text(rq->words, page);
    return n.n ? i18n_fill(rq->arena, rq->words, T_MOD_BAR_COUNT, name, n) : name;
}

static struct str waiting_text(struct request *rq, int64_t held)
{
    if (held <= QUEUE_COUNT_MAX)
        return i18n_count(rq->arena, rq->words, T_MOD_WAITING, held);
    struct str most = i18n_number(rq->arena, rq->words, QUEUE_COUNT_MAX);
    return i18n_fill(rq->arena, rq->words, T_MOD_WAITING_MANY, most, STR_NONE);
}

/* That nothing appears by itself, as long as it is so. */
static bool fill_holding(struct request *rq, struct tx *tx, struct moderator_bar *bar,
                         struct err *e)
{
    struct site_switch hold;
    if (!site_hold_get(rq->web->o.domain, tx, &hold, e))
        return false;
    if (hold.value)
        bar->holding_text = i18n_fill(rq->arena, rq->words, T_CONTROL_HOLDING, hold.moderator_name,
                                      fill_time_text(rq, hold.changed_s, I18N_DATE_TIME));
    return true;
}

/* The console's pages in the bar's order. */
static void fill_links(struct request *rq, int64_t held, int64_t undecided,
                       struct moderator_bar *bar)
{
    struct str open = undecided ? i18n_number(rq->arena, rq->words, undecided) : STR_NONE;
    const struct {
        enum access least;
        struct bar_link link;
    } pages[] = {
        {ACCESS_MODERATOR,
         {.address = bar->queue_address,
          .text = counted_text(rq, T_MOD_BAR_QUEUE, fill_waiting(rq, held))}},
        {ACCESS_MODERATOR,
         {.address = bar->campaigns_address,
          .text = counted_text(rq, T_CAMPAIGNS, open),
          .is_due = undecided > 0}},
        {ACCESS_MODERATOR,
         {.address = bar->batches_address, .text = i18n_text(rq->words, T_MOD_BATCHES)}},
        {ACCESS_MODERATOR,
         {.address = STR("/mod/statistics"), .text = i18n_text(rq->words, T_STATISTICS)}},
        {ACCESS_MODERATOR, {.address = STR("/mod/rules"), .text = i18n_text(rq->words, T_RULES)}},
        {ACCESS_EDITOR, {.address = STR("/mod/reasons"), .text = i18n_text(rq->words, T_REASONS)}},
        {ACCESS_EDITOR,
         {.address = STR("/mod/site"), .text = i18n_text(rq->words, T_CONTROL_SITE)}},
        {ACCESS_ADMINISTRATOR, {.address = STR("/mod/team"), .text = i18n_text(rq->words, T_TEAM)}},
    };
    struct bar_link *links = ARENA_ARRAY(rq->arena, struct bar_link, ARRAY_LEN(pages));
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (rq->actor.access < pages[i].least)
            continue;
        links[n] = pages[i].link;
        size_t at = links[n].address.n;
        bool is_below = i > 0 && rq->path.n > at && rq->path.p[at] == '/';
        links[n].is_current =
            str_begins(rq->path, links[n].address) && (rq->path.n == at || is_below);
        n++;
    }
    bar->links = links;
    bar->n_links = n;
}

/* In the console the language is one's own choice. */
static void fill_language_choice(struct request *rq, struct str here, struct frame *f)
{
    const struct site *site = &rq->web->o.domain->site;
    struct lang_path *all = ARENA_ARRAY(rq->arena, struct lang_path, site->n_languages);
    struct language_choice *choice = ARENA_NEW(rq->arena, struct language_choice);
    for (size_t i = 0; i < site->n_languages; i++)
        all[i] = (struct lang_path){site->languages[i], STR_NONE};
    *choice = (struct language_choice){
        .action = STR("/mod/account/language"),
        .token = f->moderator->token,
        .next = address_is_mod(here) ? here : STR_NONE,
    };
    choice->languages = frame_links(rq, all, site->n_languages, rq->lang, &choice->n_languages);
    f->bar.language_choice = choice->n_languages ? choice : NULL;
}

static bool fill_moderator(struct request *rq, struct tx *tx, const struct frame_want *want,
                           struct frame *f, struct err *e)
{
    if (rq->actor.access < ACCESS_ACCOUNT)
        return true;
    struct moderator_bar *bar = ARENA_NEW(rq->arena, struct moderator_bar);
    *bar = (struct moderator_bar){
        .name = rq->actor.moderator.name,
        .role_text = fill_role_text(rq, rq->actor.moderator.role),
        .account_address = STR("/mod/account"),
        .sign_out_action = STR("/mod/sign-out"),
        .token = gate_token(rq, CSRF_SESSION),
    };
    f->moderator = bar;
    if (address_is_mod(rq->path))
        fill_language_choice(rq, want->here.n ? want->here : door_here(rq), f);
    if (rq->actor.access < ACCESS_MODERATOR)
        return true;
    int64_t undecided;
    if (!queue_count(rq->web->o.domain, tx, &f->waiting, e) || !fill_holding(rq, tx, bar, e) ||
        !campaign_undecided(rq->web->o.domain, tx, &undecided, e))
        return false;
    bar->queue_address = STR("/mod");
    bar->queue_text = waiting_text(rq, f->waiting.held);
    bar->batches_address = STR("/mod/batches");
    bar->campaigns_address = STR("/mod/campaigns");
    fill_links(rq, f->waiting.held, undecided, bar);
    return true;
}

bool frame_fill(struct request *rq, struct tx *tx, const struct frame_want *want,
                struct frame *ret_frame, struct err *e)
{
    const struct domain *d = rq->web->o.domain;
    struct standing *pages = NULL;
    struct section *sections = NULL;
    size_t n_pages = 0, n_sections = 0;
    *ret_frame = (struct frame){0};
    if (tx && !(section_list(d, tx, rq->lang, &sections, &n_sections, e) &&
                standing_list(d, tx, rq->lang, &pages, &n_pages, e)))
        return false;
    ret_frame->sections = sections;
    ret_frame->n_sections = n_sections;
    fill_head(rq, want, ret_frame);
    fill_bar(rq, want, ret_frame);
    fill_foot(rq, pages, n_pages, ret_frame);
    if (tx && !fill_moderator(rq, tx, want, ret_frame, e))
        return false;
    if (ret_frame->moderator || str_begins(rq->path, STR("/mod")))
        ret_frame->head.console_css_address = address_asset(rq, STR("console.css"));
    return true;
}
