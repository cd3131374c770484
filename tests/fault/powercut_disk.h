/*
 * A model of a disk that loses power: a layer between SQLite and the files that records every
 * write, size, name and sync, and from the record makes what could be left at any moment.
 *
 * What was synced stays. Of what was not, any subset may be there, torn at sectors of 512 bytes;
 * a file may have kept its old size, or a new one with nothing or rubbish in it; a name that was
 * made or removed may have stayed as it was until its folder is synced. Knows no tables and no
 * jobs; only marks that its user puts between the writes.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum disk_kind {
    DISK_HONEST,
    DISK_NORMAL, /* as HONEST, but PRAGMA synchronous is made NORMAL */
    DISK_LYING,  /* says that it synced, and does nothing */
};

/* The same sequence for the same seed. */
struct chance {
    uint64_t state;
};
/* At least 0, below n; n is not 0. */
uint64_t chance_below(struct chance *c, uint64_t n);
/* True in so many of a hundred cases. */
bool chance_percent(struct chance *c, unsigned percent);

enum disk_step_type { STEP_MAKE, STEP_REMOVE, STEP_WRITE, STEP_SIZE, STEP_SYNC, STEP_MARK };

/* One step of the record. */
struct disk_step {
    enum disk_step_type type;
    int name;           /* MAKE, REMOVE; of the files below */
    size_t inode;       /* MAKE, WRITE, SIZE, SYNC */
    size_t at, n;       /* WRITE; SIZE: at is the new one */
    const uint8_t *p;   /* WRITE */
    bool is_folder_too; /* SYNC, REMOVE: names are synced, too */
    int mark;           /* MARK: whatever its user likes */
    int64_t number;
};

/* The files of one folder: what programs see, what is safe, and what lies between. */
struct disk;

/* The files as they lie in a folder, all of them safe. */
struct disk *disk_load(const char *folder);
void disk_free(struct disk **at);
/* A copy with a life of its own. */
struct disk *disk_copy(const struct disk *d);
/* Does to d what the step did. p of the step must outlive d. */
void disk_apply(struct disk *d, const struct disk_step *step);
/* What could be left when the power goes now; all of it is safe then. */
struct disk *disk_cut(const struct disk *d, struct chance *c);
/* Makes the folder's database files what programs see. */
void disk_store(const struct disk *d, const char *folder);
/* Whether the folder holds what programs should see. */
bool disk_is_like(const struct disk *d, const char *folder);

/*
 * From now on SQLite's default layer records what happens in the folder, whose files are those of
 * d, until disk_record_end. One record at a time.
 */
void disk_record(const struct disk *d, const char *folder, enum disk_kind kind);
/* Puts a mark. Callable from any thread. */
void disk_mark(int mark, int64_t number);
/* SQLite's own layer is the default again. The steps live until the next disk_record. */
const struct disk_step *disk_record_end(size_t *ret_n);
