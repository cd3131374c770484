/*
 * What templates may say: view structs and their members, made from bind.def. A template names
 * members; the binding knows each one's place and kind, so an unknown name fails at start, and
 * text is escaped because it is text.
 */
#pragma once

#include "base/str.h"
#include "text/escape.h"

/* The structs. A list is a pointer and n_NAME; an optional record is NULL when absent. */
#define VIEW(view) struct view {
#define TEXT(view, name, about) struct str name;
#define HTML(view, name, about) struct html name;
#define NUMBER(view, name, about) int64_t name;
#define FLAG(view, name, about) bool name;
#define LIST(view, name, item, about)                                                              \
    const struct item *name;                                                                       \
    size_t n_##name;
#define ONE(view, name, item, about) const struct item *name;
#define END_VIEW(view)                                                                             \
    }                                                                                              \
    ;
#include "view/bind.def"
#undef VIEW
#undef TEXT
#undef HTML
#undef NUMBER
#undef FLAG
#undef LIST
#undef ONE
#undef END_VIEW

enum bind_kind {
    BIND_TEXT,
    BIND_HTML,
    BIND_NUMBER,
    BIND_FLAG,
    BIND_LIST,
    BIND_COUNT, /* has_LIST: made for every list, true when it is not empty */
    BIND_ONE,
};

struct bind_view;

struct bind_member {
    const char *name;
    enum bind_kind kind;
    size_t offset;
    size_t offset_n;              /* BIND_LIST */
    const struct bind_view *item; /* BIND_LIST, BIND_ONE */
};

/* A view struct as templates see it. */
struct bind_view {
    const char *name;
    size_t bytes;
    const struct bind_member *members;
    size_t n_members;
};

/* All view structs of bind.def, in its order. */
const struct bind_view *const *bind_views(size_t *ret_n);

/* A view struct by its name; NULL: there is none. */
const struct bind_view *bind_view_find(struct str name);

/* A member by its name; NULL: there is none. */
const struct bind_member *bind_member_find(const struct bind_view *v, struct str name);
