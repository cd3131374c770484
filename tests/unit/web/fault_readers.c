/* What readers, feeds and the operator ask for. */
#include "tests/unit/web/fault_cases.h"

static void prepare_post(struct round *round, struct ask *ask)
{
    ask->form =
        arena_printf(round->a, "name=Dana&text=Attempt+%d&key=%032d", round->nth, round->nth).p;
}

static void prepare_reply(struct round *round, struct ask *ask)
{
    ask->form = arena_printf(round->a, "name=Aizhan&text=Answer+%d&reply_to=%d&key=%032d",
                             round->nth, REPLY_NUMBER, round->nth)
                    .p;
}

static const char *own_path(struct round *round, const char *what)
{
    int64_t number = room_say(&round->n->r, 0, &round->n->author).number;
    return arena_printf(round->a, ARTICLE "/comments/%lld/%s", (long long)number, what).p;
}

static void prepare_edit(struct round *round, struct ask *ask)
{
    ask->path = own_path(round, "edit");
    ask->form = arena_printf(round->a, "text=Other+words+%d", round->nth).p;
}

static void prepare_withdraw(struct round *round, struct ask *ask)
{
    ask->path = own_path(round, "withdraw");
    ask->form = "a=b";
}

static void prepare_preview(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "text=Some+*words*";
}

/* A reader who has answered before, or not: each attempt is another one. */
static void prepare_rating(struct round *round, struct ask *ask)
{
    ask->form = "answer=yes";
    if (round->nth % 2)
        ask->cookies.rating = arena_printf(round->a, "%064d", round->nth);
}

/* Each attempt is another reader. */
static void prepare_report(struct round *round, struct ask *ask)
{
    int64_t number = room_say(&round->n->r, 0, &round->n->author).number;
    ask->path = arena_printf(round->a, ARTICLE "/comments/%lld/report", (long long)number).p;
    ask->form = "reason=insult&text=Look";
}

static void refuse_report(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "reason=&text=What+was+typed";
}

static void refuse_post(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "name=&text=What+was+typed";
}

static void refuse_edit(UNUSED struct round *round, struct ask *ask)
{
    ask->form = "text=";
}

static void prepare_picture(struct round *round, struct ask *ask)
{
    ask->path = round->n->picture.p;
}

static void prepare_asset(struct round *round, struct ask *ask)
{
    ask->path = round->n->asset.p;
}

static void prepare_operator(UNUSED struct round *round, struct ask *ask)
{
    ask->is_operator = true;
}

/* ---- The rows ------------------------------------------------------------------------------- */

static const struct route_case rows[] = {
    {"root_show", "/", 302, GUEST, NULL, false},
    {"front_show", "/en", 200, GUEST, NULL, false},
    {"front_show", "/en", 200, MODERATOR, NULL, false},
    {"section_show", "/en/section/environment", 200, GUEST, NULL, false},
    {"author_show", "/en/author/aigerim-sadykova", 200, GUEST, NULL, false},
    {"standing_show", "/en/page/about", 200, GUEST, NULL, false},
    {"article_show", ARTICLE, 200, GUEST, NULL, false},
    {"article_show", ARTICLE "?order=newest", 200, AUTHOR, NULL, false},
    {"article_show", OLD_ARTICLE, 308, GUEST, NULL, false},
    {"article_show", "/en/never-written", 404, GUEST, NULL, false},
    {"comment_show", ARTICLE "/comments/1", 200, GUEST, NULL, false},
    {"comment_show", ARTICLE "/comments/3", 200, AUTHOR, NULL, false},
    {"reply_show", ARTICLE "/comments/2/reply", 200, AUTHOR, NULL, false},
    {"comment_post", ARTICLE "/comments", 303, GUEST, prepare_post, false},
    {"comment_post", ARTICLE "/comments", 303, AUTHOR, prepare_reply, false},
    {"preview_show", ARTICLE "/preview", 200, GUEST, prepare_preview, false},
    {"edit_show", ARTICLE "/comments/1/edit", 200, AUTHOR, NULL, false},
    {"edit_post", ARTICLE, 303, AUTHOR, prepare_edit, false},
    {"withdraw_show", ARTICLE "/comments/1/withdraw", 200, AUTHOR, NULL, false},
    {"withdraw_post", ARTICLE, 303, AUTHOR, prepare_withdraw, false},
    {"rating_post", ARTICLE "/rating", 303, GUEST, prepare_rating, false},
    {"report_show", ARTICLE "/comments/2/report", 200, GUEST, NULL, false},
    {"report_post", NULL, 303, GUEST, prepare_report, false},
    {"report_post", ARTICLE "/comments/2/report", 422, GUEST, refuse_report, true},
    {"feed_edition", "/en/feed.atom", 200, GUEST, NULL, false},
    {"feed_section", "/en/section/environment/feed.atom", 200, GUEST, NULL, false},
    {"feed_comments", ARTICLE "/comments.atom", 200, GUEST, NULL, false},
    {"sitemap_index", "/sitemap.xml", 200, GUEST, NULL, false},
    {"sitemap_show", "/sitemap-0.xml", 200, GUEST, NULL, false},
    {"sitemap_news", "/news-sitemap.xml", 200, GUEST, NULL, false},
    {"ledger_lead", "/ledger", 302, GUEST, NULL, false},
    {"ledger_show", "/en/about/ledger", 200, GUEST, NULL, false},
    {"ledger_text", "/ledger.txt", 200, GUEST, NULL, false},
    {"robots_show", "/robots.txt", 200, GUEST, NULL, false},
    {"asset_show", NULL, 200, GUEST, prepare_asset, false},
    {"picture_show", NULL, 200, GUEST, prepare_picture, false},
    {"comment_post", ARTICLE "/comments", 422, AUTHOR, refuse_post, true},
    {"edit_post", ARTICLE "/comments/1/edit", 422, AUTHOR, refuse_edit, true},
    {"health_show", "/healthz", 200, GUEST, NULL, false},
    {"metrics_show", "/metrics", 200, GUEST, prepare_operator, false},
};

const struct case_list reader_rows = {"readers", rows, ARRAY_LEN(rows), 6, 10};
