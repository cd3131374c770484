/*
 * The fields of front matter as tables, and the reader of a map by its table. For front.c.
 */
#pragma once

#include "config/yaml.h"
#include "port/front.h"

/* What a field's value is. */
enum field_shape {
    FIELD_KEY,      /* struct str: as a slug */
    FIELD_LANG,     /* struct str: a language tag */
    FIELD_LINE,     /* struct str: one line of text */
    FIELD_PATH,     /* struct str: a relative path */
    FIELD_TIME,     /* int64_t: RFC 3339 */
    FIELD_MODE,     /* struct front: has_mode and mode */
    FIELD_BYLINE,   /* struct front: a list of {key, name} */
    FIELD_AGENCIES, /* struct front: a list of names */
    FIELD_PICTURES, /* struct front: a list of pictures */
};

struct field {
    const char *name;
    size_t offset; /* in the record; unused by the shapes that say "struct front" */
    enum field_shape shape;
    bool is_needed;
    size_t max_chars; /* FIELD_LINE */
};

struct field_table {
    const struct field *fields;
    size_t n;
    const char *of; /* "an article": for the faults */
};

/* The fields of one kind of file. */
const struct field_table *fields_of(enum front_kind kind);

/* Reads a map into f by its kind's table; adds faults. */
void fields_read(const struct yaml_node *map, struct faults *faults, struct front *f);
