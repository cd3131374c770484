#include "view/bind.h"

#include <stddef.h>

/* Every view is declared first, because they refer to each other. */
#define VIEW(view) static const struct bind_view view_##view;
#define TEXT(view, name, about)
#define HTML(view, name, about)
#define NUMBER(view, name, about)
#define FLAG(view, name, about)
#define LIST(view, name, item, about)
#define ONE(view, name, item, about)
#define END_VIEW(view)
#include "view/bind.def"
#undef VIEW
#undef TEXT
#undef HTML
#undef NUMBER
#undef FLAG
#undef LIST
#undef ONE
#undef END_VIEW

#define MEMBER(view, name, kind) {#name, kind, offsetof(struct view, name), 0, NULL},
#define VIEW(view) static const struct bind_member members_##view[] = {
#define TEXT(view, name, about) MEMBER(view, name, BIND_TEXT)
#define HTML(view, name, about) MEMBER(view, name, BIND_HTML)
#define NUMBER(view, name, about) MEMBER(view, name, BIND_NUMBER)
#define FLAG(view, name, about) MEMBER(view, name, BIND_FLAG)
#define LIST(view, name, item, about)                                                              \
    {#name, BIND_LIST, offsetof(struct view, name), offsetof(struct view, n_##name),               \
     &view_##item},                                                                                \
        {"has_" #name, BIND_COUNT, offsetof(struct view, n_##name), 0, NULL},
#define ONE(view, name, item, about)                                                               \
    {#name, BIND_ONE, offsetof(struct view, name), 0, &view_##item},
#define END_VIEW(view)                                                                             \
    }                                                                                              \
    ;                                                                                              \
    static const struct bind_view view_##view = {#view, sizeof(struct view), members_##view,       \
                                                 ARRAY_LEN(members_##view)};
#include "view/bind.def"
#undef MEMBER
#undef VIEW
#undef TEXT
#undef HTML
#undef NUMBER
#undef FLAG
#undef LIST
#undef ONE
#undef END_VIEW

static const struct bind_view *const views[] = {
#define VIEW(view) &view_##view,
#define TEXT(view, name, about)
#define HTML(view, name, about)
#define NUMBER(view, name, about)
#define FLAG(view, name, about)
#define LIST(view, name, item, about)
#define ONE(view, name, item, about)
#define END_VIEW(view)
#include "view/bind.def"
#undef VIEW
#undef TEXT
#undef HTML
#undef NUMBER
#undef FLAG
#undef LIST
#undef ONE
#undef END_VIEW
};

const struct bind_view *const *bind_views(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(views);
    return views;
}

const struct bind_view *bind_view_find(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(views); i++)
        if (str_eq(str_of(views[i]->name), name))
            return views[i];
    return NULL;
}

const struct bind_member *bind_member_find(const struct bind_view *v, struct str name)
{
    for (size_t i = 0; i < v->n_members; i++)
        if (str_eq(str_of(v->members[i].name), name))
            return &v->members[i];
    return NULL;
}
