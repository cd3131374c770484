#include "store/statements.h"
#include "tests/unit/domain/room.h"

CALL(get_call, const char *lang; const char *slug; struct edition ed;
     , edition_get(d, tx, str_of(c->lang), str_of(c->slug), &c->ed, e))
CALL(links_call, struct thread_id article; struct edition_link * links; size_t n;
     , edition_links(d, tx, c->article, &c->links, &c->n, e))
CALL(card_call, struct card_query q; struct card_page page; uint64_t statements;
     , card_list(d, tx, &c->q, &c->page, e) && (c->statements = tx_statements(tx)) > 0)
CALL(moved_call, const char *slug; struct str now;
     , edition_moved(d, tx, STR("en"), str_of(c->slug), &c->now, e))
CALL(next_call, int64_t at_s;, edition_next(d, tx, &c->at_s, e))
CALL(drop_call, const char *key; const char *lang;
     , edition_drop(d, tx, str_of(c->key), str_of(c->lang), e))
CALL(names_call, struct edition_name *names; size_t n;, edition_list(d, tx, &c->names, &c->n, e))
CALL(picture_call, const struct picture *p; const struct picture_bytes *sizes; size_t n;
     , picture_save(d, tx, c->p, c->sizes, c->n, e))
CALL(file_call, struct hash hash; int64_t width; struct picture_file file;
     , picture_get(d, tx, c->hash, c->width, &c->file, e))
CALL(author_call, const char *lang; const char *key; struct str name; struct edition_link * links;
     size_t n;, author_get(d, tx, str_of(c->lang), str_of(c->key), &c->name, e) &&
                    author_links(d, tx, str_of(c->key), &c->links, &c->n, e))
CALL(map_call, struct thread_id after; size_t max; struct sitemap map; struct thread_id last;
     , sitemap_list(d, tx, c->after, c->max, &c->map, e) && article_last(d, tx, &c->last, e))
CALL(recent_call, int64_t since_s; size_t max; struct sitemap map;
     , sitemap_recent(d, tx, c->since_s, c->max, &c->map, e))
CALL(section_call, struct section section; enum saved saved;
     , section_save(d, tx, &c->section, &c->saved, e))
CALL(sections_call, struct section *sections; size_t n; struct section one; struct section same;
     struct edition_link * links; size_t n_links;
     , section_list(d, tx, STR("en"), &c->sections, &c->n, e) &&
           section_get(d, tx, STR("en"), STR("environment"), &c->one, e) &&
           section_get_by_key(d, tx, STR("en"), STR("environment"), &c->same, e) &&
           section_links(d, tx, STR("environment"), &c->links, &c->n_links, e))
CALL(standing_call, struct standing page; enum saved saved;
     , standing_save(d, tx, &c->page, &c->saved, e))
CALL(standings_call, struct standing *pages; size_t n; struct standing one; struct standing same;
     struct edition_link * links; size_t n_links;
     , standing_list(d, tx, STR("en"), &c->pages, &c->n, e) &&
           standing_get(d, tx, STR("en"), STR("comment-policy"), &c->one, e) &&
           standing_get_by_key(d, tx, STR("en"), STR("policy"), &c->same, e) &&
           standing_links(d, tx, STR("policy"), &c->links, &c->n_links, e))
CALL(found_call, bool again;, d && (!c->again || site_found(tx, e)))

static bool has_edition(struct room *r, const char *lang, const char *slug)
{
    struct get_call c = {.r = r, .lang = lang, .slug = slug};
    struct err e;
    bool found = room_read(r, get_call_work, &c, &e);
    assert_true(found || e.kind == ERR_MISSING);
    return found;
}

static int open_room(void **state)
{
    struct room *r = malloc(sizeof *r);
    room_open(r, MODE_OPEN);
    *state = r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;
    room_check(r);
    room_close(r);
    free(r);
    return 0;
}

static void shore_save(struct room *r)
{
    const struct picture_bytes sizes[] = {{640, STR("small")}, {1280, STR("large")}};
    struct picture_call c = {r, &room_shore, sizes, ARRAY_LEN(sizes)};
    room_must_write(r, picture_call_work, &c);
}

static void editions_come_back_whole(void **state)
{
    struct room *r = *state;
    shore_save(r);
    struct edition ed = room_edition("melon", "kk", "qauyn");
    ed.pictures = &room_shore;
    ed.n_pictures = 1;
    ed.updated_s = ROOM_NOW_S - 60;
    assert_int_equal(room_save(r, &ed, NULL), SAVED_NEW);
    assert_int_equal(room_save(r, &ed, NULL), SAVED_SAME);
    struct get_call c = {.r = r, .lang = "kk", .slug = "qauyn"};
    room_must_read(r, get_call_work, &c);
    assert_str(c.ed.key, "melon");
    assert_str(c.ed.headline, "The reservoir that came back");
    assert_str(c.ed.body, "For five summers …");
    assert_int_equal(c.ed.updated_s, ROOM_NOW_S - 60);
    assert_true(hash_eq(c.ed.source, ed.source));
    assert_int_equal(c.ed.n_byline, 2);
    assert_str(c.ed.byline[0].key, "aigerim-sadykova");
    assert_str(c.ed.byline[1].name, "NORTHWIRE");
    assert_int_equal(c.ed.n_pictures, 1);
    assert_int_equal(c.ed.pictures[0].n_widths, 2);
    assert_int_equal(c.ed.pictures[0].widths[0], 640);
    assert_str(c.ed.pictures[0].caption, "The shore.");
    struct file_call f = {.r = r, .hash = room_shore.hash, .width = 640};
    room_must_read(r, file_call_work, &f);
    assert_str(f.file.bytes, "small");
    assert_str(f.file.extension, "webp");
    struct err e;
    f.width = 641;
    assert_false(room_read(r, file_call_work, &f, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    /* Changed: the byline and the pictures are the new ones only. */
    ed.n_byline = 1;
    ed.n_pictures = 0;
    ed.source = hash_of(STR("changed"));
    assert_int_equal(room_save(r, &ed, NULL), SAVED_CHANGED);
    room_must_read(r, get_call_work, &c);
    assert_int_equal(c.ed.n_byline, 1);
    assert_int_equal(c.ed.n_pictures, 0);
}

static void links_are_in_the_sites_order(void **state)
{
    struct room *r = *state;
    struct edition kk = room_edition("reservoir", "kk", "su-qoimasy");
    kk.published_s = ROOM_NOW_S + 10;
    room_save(r, &kk, NULL);
    struct links_call c = {.r = r, .article = r->article};
    room_must_read(r, links_call_work, &c);
    assert_int_equal(c.n, 2);
    r->clock.now_s += 10;
    room_must_read(r, links_call_work, &c);
    assert_int_equal(c.n, 3);
    assert_str(c.links[0].lang, "en");
    assert_str(c.links[1].lang, "ru");
    assert_str(c.links[2].lang, "kk");
    assert_str(c.links[2].slug, "su-qoimasy");
}

static void the_future_is_not_there_yet(void **state)
{
    struct room *r = *state;
    struct edition ed = room_edition("tomorrow", "en", "tomorrow");
    ed.published_s = ROOM_NOW_S + 3600;
    room_save(r, &ed, NULL);
    struct next_call next = {.r = r};
    room_must_read(r, next_call_work, &next);
    assert_int_equal(next.at_s, ROOM_NOW_S + 3600);
    struct card_call cards = {.r = r, .q = {.lang = STR("en"), .max = 10}};
    struct map_call map = {.r = r, .max = 10};
    struct recent_call recent = {.r = r, .since_s = ROOM_NOW_S - 7200, .max = 10};
    for (int later = 0; later <= 1; later++) {
        assert_int_equal(has_edition(r, "en", "tomorrow"), later);
        room_must_read(r, card_call_work, &cards);
        assert_int_equal(cards.page.n, 1 + later);
        cards.q.before_s = later ? 0 : INT64_MAX; /* a keyset from outside opens nothing */
        room_must_read(r, card_call_work, &cards);
        assert_int_equal(cards.page.n, 1 + later);
        room_must_read(r, map_call_work, &map);
        assert_int_equal(map.map.n, 2 + later);
        room_must_read(r, recent_call_work, &recent);
        assert_int_equal(recent.map.n, 2 + later);
        r->clock.now_s = ROOM_NOW_S + 3600;
    }
    room_must_read(r, next_call_work, &next);
    assert_int_equal(next.at_s, 0);
}

static void slugs_are_unique_and_lead_on(void **state)
{
    struct room *r = *state;
    struct err e;
    enum saved saved;
    struct edition other = room_edition("other", "en", "the-reservoir-that-came-back");
    assert_false(room_try_save(r, &other, NULL, &saved, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    assert_non_null(strstr(e.why, "\"other\""));
    assert_non_null(strstr(e.why, "\"reservoir\""));
    other.lang = STR("kk"); /* another language, another address */
    assert_int_equal(room_save(r, &other, NULL), SAVED_NEW);

    struct edition ed = room_edition("reservoir", "en", "water-is-back");
    assert_int_equal(room_save(r, &ed, NULL), SAVED_CHANGED);
    assert_false(has_edition(r, "en", "the-reservoir-that-came-back"));
    assert_true(has_edition(r, "en", "water-is-back"));
    struct moved_call moved = {.r = r, .slug = "the-reservoir-that-came-back"};
    room_must_read(r, moved_call_work, &moved);
    assert_str(moved.now, "water-is-back");
    /* Another article takes the old address: it leads nowhere else from then on. */
    struct edition third = room_edition("third", "en", "the-reservoir-that-came-back");
    assert_int_equal(room_save(r, &third, NULL), SAVED_NEW);
    assert_false(room_read(r, moved_call_work, &moved, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    /* And back again. */
    third.slug = STR("third");
    third.source = hash_of(STR("third"));
    room_save(r, &third, NULL);
    ed.slug = STR("the-reservoir-that-came-back");
    ed.source = hash_of(STR("back"));
    room_save(r, &ed, NULL);
    assert_true(has_edition(r, "en", "the-reservoir-that-came-back"));
    assert_false(room_read(r, moved_call_work, &moved, &e));
}

static void a_language_that_changed_is_dropped(void **state)
{
    struct room *r = *state;
    struct edition kk = room_edition("reservoir", "kk", "vodokhranilishche");
    assert_int_equal(room_save(r, &kk, NULL), SAVED_NEW);
    struct drop_call drop = {r, "reservoir", "ru"};
    room_must_write(r, drop_call_work, &drop);
    assert_false(has_edition(r, "ru", "vodokhranilishche"));
    assert_true(has_edition(r, "kk", "vodokhranilishche"));
    struct names_call names = {.r = r};
    room_must_read(r, names_call_work, &names);
    assert_int_equal(names.n, 2);
    assert_str(names.names[1].lang, "kk");
    struct err e;
    assert_false(room_write(r, drop_call_work, &drop, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    drop.key = "nothing";
    assert_false(room_write(r, drop_call_work, &drop, &e));
    assert_int_equal(e.kind, ERR_MISSING);
}

static void what_cannot_be_is_refused(void **state)
{
    struct room *r = *state;
    static const struct byline_entry twice[] = {{STR_INIT("a"), STR_INIT("A")},
                                                {STR_INIT(""), STR_INIT("WIRE")},
                                                {STR_INIT("a"), STR_INIT("A. A.")}};
    struct edition good = room_edition("fine", "en", "fine"), bad[8];
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        bad[i] = good;
    bad[0].lang = STR("uz");
    bad[1].key = STR("Fine");
    bad[2].slug = STR("");
    bad[3].section = STR("sports");
    bad[4].published_s = 0;
    bad[5].byline = twice;
    bad[5].n_byline = 3;
    bad[6].pictures = &room_shore;
    bad[6].n_pictures = 1;
    bad[7].updated_s = -1;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err e;
        enum saved saved;
        assert_false(room_try_save(r, &bad[i], NULL, &saved, &e));
        assert_int_equal(e.kind, ERR_INVALID);
        assert_non_null(strstr(e.why, i == 1 ? "Fine" : "fine"));
    }
    good.section = STR("");
    room_save(r, &good, NULL);
    struct err e;
    const struct picture_bytes sizes[] = {{1280, STR("large")}, {640, STR("small")}};
    struct picture_call c = {r, &room_shore, sizes, 2};
    assert_false(room_write(r, picture_call_work, &c, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    c.n = 0;
    assert_false(room_write(r, picture_call_work, &c, &e));
}

CALL(mode_call, struct conversation_control control;
     , conversation_control_set(d, tx, &c->r->senior, c->r->article, &c->control, e))

/* A file's wish is applied when it is new, not when the file changed in something else. */
static void wishes_are_applied_when_new(void **state)
{
    struct room *r = *state;
    struct edition en = room_edition("reservoir", "en", "the-reservoir-that-came-back");
    struct edition ru = room_edition("reservoir", "ru", "vodokhranilishche");
    static const struct {
        int hand;   /* the newsroom sets this mode before; -1: nothing */
        bool in_ru; /* which file is saved */
        int wish;   /* -1: none */
        int64_t closes_s;
        int mode; /* expected */
        int64_t expected_closes_s;
    } rows[] = {
        {-1, false, MODE_OPEN, 0, MODE_OPEN, 0},
        {MODE_HELD, false, MODE_OPEN, 0, MODE_HELD, 0}, /* it said open before */
        {-1, false, MODE_FIRST, 0, MODE_FIRST, 0},      /* it says something new */
        {-1, true, MODE_CLOSED, 0, MODE_CLOSED, 0},     /* so does the other */
        {-1, false, MODE_FIRST, 500, MODE_CLOSED, 500}, /* only the date is new */
        {-1, false, -1, 500, MODE_CLOSED, 500},         /* nothing asked: nothing changed */
        {-1, false, -1, 0, MODE_CLOSED, 0},             /* the date is taken back */
        {-1, false, MODE_OPEN, 0, MODE_OPEN, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].hand >= 0) {
            struct mode_call c = {.r = r, .control = {.mode = (enum mode)rows[i].hand}};
            room_must_write(r, mode_call_work, &c);
        }
        struct conversation_wish wish = {.has_mode = rows[i].wish >= 0,
                                         .mode = rows[i].wish >= 0 ? (enum mode)rows[i].wish : 0,
                                         .closes_s = rows[i].closes_s};
        struct edition *ed = rows[i].in_ru ? &ru : &en;
        ed->source.b[31] = (uint8_t)(i + 1);
        assert_int_equal(room_save(r, ed, &wish), SAVED_CHANGED);
        struct thread t = room_thread(r);
        assert_int_equal(t.mode, rows[i].mode);
        assert_int_equal(t.closes_s, rows[i].expected_closes_s);
    }
    /* A new article without a wish takes the setting. */
    r->settings.comments_mode = STR("held");
    struct edition ed = room_edition("fresh", "en", "fresh");
    room_save(r, &ed, NULL);
    struct get_call c = {.r = r, .lang = "en", .slug = "fresh"};
    room_must_read(r, get_call_work, &c);
    r->article = c.ed.article;
    assert_int_equal(room_thread(r).mode, MODE_HELD);
}

static void cards_are_paged(void **state)
{
    struct room *r = *state;
    shore_save(r);
    for (int i = 0; i < 25; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "story-%d", i);
        struct edition ed = room_edition(key, "en", key);
        ed.published_s = ROOM_NOW_S - 7200 - i / 3; /* several in one second */
        if (i % 2) {
            ed.pictures = &room_shore;
            ed.n_pictures = 1;
        } else {
            ed.section = STR("");
            ed.n_byline = 0;
        }
        room_save(r, &ed, NULL);
    }
    room_say(r, 0, NULL);
    static const struct {
        struct str section, author;
        size_t n;
    } rows[] = {{STR_INIT(""), STR_INIT(""), 26},
                {STR_INIT("environment"), STR_INIT(""), 13},
                {STR_INIT(""), STR_INIT("aigerim-sadykova"), 13},
                {STR_INIT("none"), STR_INIT(""), 0},
                {STR_INIT(""), STR_INIT("nobody"), 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_call c = {
            .r = r,
            .q = {
                .lang = STR("en"), .section = rows[i].section, .author = rows[i].author, .max = 4}};
        size_t n = 0;
        int64_t last_s = INT64_MAX, last = 0;
        do {
            room_must_read(r, card_call_work, &c);
            assert_in_range(c.statements, 1, 2);
            for (size_t k = 0; k < c.page.n; k++, n++) {
                const struct edition_card *card = &c.page.cards[k];
                assert_true(card->published_s < last_s ||
                            (card->published_s == last_s && card->article.v < last));
                last_s = card->published_s;
                last = card->article.v;
                bool first = card->article.v == r->article.v;
                assert_int_equal(card->comments, first);
                assert_int_equal(card->n_byline, card->section.n ? 2 : 0);
                assert_int_equal(card->lead != NULL, card->section.n && !first);
                if (card->n_byline)
                    assert_str(card->byline[0].name, "Aigerim Sadykova");
                if (card->lead)
                    assert_int_equal(card->lead->widths[1], 1280);
            }
            c.q.before_s = last_s;
            c.q.before_article.v = last;
        } while (c.page.more);
        assert_int_equal(n, rows[i].n);
    }
}

static void authors_have_names_in_languages(void **state)
{
    struct room *r = *state;
    static const struct byline_entry byline[] = {
        {STR_INIT("aigerim-sadykova"), STR_INIT("Айгерим Садыкова")}};
    struct edition ru = room_edition("later", "ru", "later");
    ru.byline = byline;
    ru.n_byline = 1;
    ru.published_s = ROOM_NOW_S - 10;
    room_save(r, &ru, NULL);
    struct author_call c = {.r = r, .lang = "ru", .key = "aigerim-sadykova"};
    room_must_read(r, author_call_work, &c);
    assert_str(c.name, "Айгерим Садыкова");
    assert_int_equal(c.n, 2);
    assert_str(c.links[0].lang, "en");
    assert_str(c.links[0].headline, "Aigerim Sadykova");
    assert_str(c.links[1].headline, "Айгерим Садыкова");
    struct err e;
    c.key = "";
    assert_false(room_read(r, author_call_work, &c, &e));
    assert_int_equal(e.kind, ERR_MISSING);
}

static void sitemaps_keep_articles_together(void **state)
{
    struct room *r = *state;
    for (int i = 0; i < 9; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "story-%d", i);
        struct edition en = room_edition(key, "en", key), kk = room_edition(key, "kk", key);
        if (i % 4 == 1) /* no edition of these is published */
            en.published_s = kk.published_s = ROOM_NOW_S + 1;
        room_save(r, &en, NULL);
        room_save(r, &kk, NULL);
    }
    struct map_call c = {.r = r, .max = 3};
    size_t n = 0;
    for (;;) {
        room_must_read(r, map_call_work, &c);
        if (c.map.n == 0)
            break;
        assert_true(c.map.n == 6 || c.map.n == 4);
        n += c.map.n;
        c.after = c.map.entries[c.map.n - 1].article;
    }
    assert_int_equal(n, 16);
    assert_int_equal(c.last.v, 10);
}

static void sections_and_standing_pages(void **state)
{
    struct room *r = *state;
    struct err e;
    struct sections_call s = {.r = r};
    room_must_read(r, sections_call_work, &s);
    assert_int_equal(s.n, 1);
    assert_str(s.one.name, "Environment");
    assert_str(s.same.about, "Land and water.");
    assert_int_equal(s.n_links, 1);
    struct section_call ru = {.r = r,
                              .section = {.key = STR("environment"),
                                          .lang = STR("ru"),
                                          .slug = STR("priroda"),
                                          .name = STR("Природа")}};
    room_must_write(r, section_call_work, &ru);
    assert_int_equal(ru.saved, SAVED_NEW);
    room_must_write(r, section_call_work, &ru);
    assert_int_equal(ru.saved, SAVED_SAME);
    ru.section.source.b[0] = 1;
    room_must_write(r, section_call_work, &ru);
    assert_int_equal(ru.saved, SAVED_CHANGED);
    ru.section.key = STR("nature");
    assert_false(room_write(r, section_call_work, &ru, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    ru.section.lang = STR("uz");
    assert_false(room_write(r, section_call_work, &ru, &e));
    assert_int_equal(e.kind, ERR_INVALID);

    struct standing_call p = {.r = r,
                              .page = {.key = STR("policy"),
                                       .lang = STR("en"),
                                       .slug = STR("comment-policy"),
                                       .title = STR("Comment policy"),
                                       .body = STR("Be kind.")}};
    room_must_write(r, standing_call_work, &p);
    struct standings_call pages = {.r = r};
    room_must_read(r, standings_call_work, &pages);
    assert_int_equal(pages.n, 1);
    assert_str(pages.one.body, "Be kind.");
    assert_str(pages.same.slug, "comment-policy");
    assert_int_equal(pages.n_links, 1);
    assert_str(pages.links[0].headline, "Comment policy");
}

static void a_site_is_founded_once(void **state)
{
    struct room *r = *state;
    struct err e;
    struct found_call c = {r, true};
    assert_false(room_write(r, found_call_work, &c, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
}

static bool open_work(struct tx *tx, void *context, struct err *e)
{
    struct room *r = context;
    struct domain d;
    return domain_open(tx, &r->settings, &d, e);
}

static void no_site_no_domain(void **state)
{
    (void)state;
    struct room r = {.settings = {.site_name = STR("Nothing")}};
    struct err e;
    fixture_make(&r.f);
    r.f.options.schema = &store_schema;
    assert_true(db_open(&r.f.options, &r.f.db, &e));
    assert_false(room_read(&r, open_work, &r, &e));
    assert_int_equal(e.kind, ERR_MISSING);
    fixture_close(&r.f);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(editions_come_back_whole),           IN_ROOM(links_are_in_the_sites_order),
        IN_ROOM(the_future_is_not_there_yet),        IN_ROOM(slugs_are_unique_and_lead_on),
        IN_ROOM(a_language_that_changed_is_dropped), IN_ROOM(what_cannot_be_is_refused),
        IN_ROOM(wishes_are_applied_when_new),        IN_ROOM(cards_are_paged),
        IN_ROOM(authors_have_names_in_languages),    IN_ROOM(sitemaps_keep_articles_together),
        IN_ROOM(sections_and_standing_pages),        IN_ROOM(a_site_is_founded_once),
        cmocka_unit_test(no_site_no_domain),
    };
    return RUN_TESTS(tests);
}
