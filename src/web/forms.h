/*
 * Forms as handlers see them: typed structs, made and checked from forms.def by one function.
 */
#pragma once

#include "domain/claims.h"
#include "domain/comments.h"
#include "domain/controls.h"
#include "domain/reasons.h"
#include "domain/report.h"
#include "http/form.h"
#include "model/message.h"
#include "model/rule.h"

#define FORM_TYPE_LINE struct str
#define FORM_TYPE_TEXT struct str
#define FORM_TYPE_SECRET struct str
#define FORM_TYPE_OPAQUE struct str
#define FORM_TYPE_NUMBER int64_t
#define FORM_TYPE_MANY struct form_many

/* What was sent under one name, perhaps more than once; borrows from the form's pairs. */
struct form_many {
    const struct form_pair *pairs;
    size_t n;
    struct str name;
};

#define FORM(form) struct form {
#define FIELD(form, member, name, type, min, max, required, message) FORM_TYPE_##type member;
#define END_FORM(form)                                                                             \
    }                                                                                              \
    ;
#include "web/forms.def"
#undef FORM
#undef FIELD
#undef END_FORM

/* The number of each field within its form: FIELD_comment_form_text, and how many there are. */
#define FORM(form)                                                                                 \
    enum form##_fields                                                                             \
    {
#define FIELD(form, member, name, type, min, max, required, message) FIELD_##form##_##member,
#define END_FORM(form)                                                                             \
    FIELDS_##form                                                                                  \
    }                                                                                              \
    ;
#include "web/forms.def"
#undef FORM
#undef FIELD
#undef END_FORM

/* The maxima that pages show: MAX_comment_form_text. */
#define FORM(form)
#define FIELD(form, member, name, type, min, max, required, message)                               \
    enum { MAX_##form##_##member = (max) };
#define END_FORM(form)
#include "web/forms.def"
#undef FORM
#undef FIELD
#undef END_FORM

#define FORM_FIELDS_MAX 24
#define FORM_PAIRS_MAX 64
/* One character as a person counts may be many bytes; more than this on average is no writing. */
#define FORM_BYTES_PER_CHAR 40

enum field_type { FIELD_LINE, FIELD_TEXT, FIELD_NUMBER, FIELD_SECRET, FIELD_OPAQUE, FIELD_MANY };

struct field_spec {
    struct str name;
    enum field_type type;
    size_t offset; /* of the member in its struct */
    int64_t min, max;
    bool is_required;
    enum message empty; /* what to say then */
};

struct form_spec {
    const char *name;
    size_t bytes; /* of its struct */
    const struct field_spec *fields;
    size_t n_fields;
};

/* By the struct's name: form_spec_comment_form. */
#define FORM(form) extern const struct form_spec form_spec_##form;
#define FIELD(form, member, name, type, min, max, required, message)
#define END_FORM(form)
#include "web/forms.def"
#undef FORM
#undef FIELD
#undef END_FORM

/* What is wrong with each field, and with the form as a whole; T_NONE: nothing. */
struct form_faults {
    enum message field[FORM_FIELDS_MAX];
    int64_t chars[FORM_FIELDS_MAX]; /* how many there are, for T_FORM_TOO_LONG */
    enum message whole;
};

/* Takes the next value, as it was sent; false: there is none any more. */
bool form_many_next(struct form_many *m, struct str *ret_value);

/* Every form of the table, for tests and the reference. */
const struct form_spec *const *forms_all(size_t *ret_n);

/*
 * Fills the struct from the pairs and checks each field. What is no text at all (broken UTF-8,
 * control characters) reads as empty and is a fault; what is too long is kept, to be shown again.
 * Memory: borrows from the pairs. Returns whether there is no fault.
 */
bool form_read(const struct form_spec *spec, const struct form *pairs, void *ret_struct,
               struct form_faults *ret_faults);
