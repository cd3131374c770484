/*
 * The model that binds templates to view structs: names are members of bind.def or messages
 * ("t.NAME"), resolved once while parsing. Internal to view/.
 */
#pragma once

#include "i18n/i18n.h"
#include "view/bind.h"
#include "view/mustache.h"

/* For mustache_model.user while parsing. */
struct model_parse {
    bool is_xml; /* HTML members may not be named */
    const void *partials;
};

/*
 * Fits mustache_model.resolve. types: struct bind_view. m->user: struct model_parse.
 * Errors ERR_INVALID: an unknown name; a list or record as a variable; markup within XML; a
 * message that does not exist or that needs arguments.
 */
bool model_resolve(const struct mustache_model *m, const void *const *types, size_t n_types,
                   struct mustache_ref *ref, struct err *e);

/* Fits mustache_model.get. contexts: view structs. m->user: struct i18n_lang. */
struct mustache_value model_get(const struct mustache_model *m, const void *const *contexts,
                                size_t n_contexts, const struct mustache_ref *ref);
