/*
 * Figures of the team's work: what waits and for how long, what was decided and how soon, what the
 * rules met. Bounded work, however many comments and decisions there are: what is waiting is
 * counted up to a limit, and of the decisions only the newest are looked at.
 */
#pragma once

#include "domain/domain.h"
#include "model/moderator.h"

struct tx;

#define STATISTICS_WINDOW 20000   /* decisions that are looked at, the newest */
#define STATISTICS_COUNT_MAX 1000 /* comments of one age are counted up to here */
#define STATISTICS_SLOT_S 900     /* every zone's clock is whole quarters of an hour from UTC */
#define STATISTICS_DAYS_MAX 31
#define STATISTICS_AGES 5

/* Held comments that were written at least from_s and less than below_s seconds ago. */
struct statistics_age {
    int64_t from_s, below_s; /* below_s 0: however long ago */
    int64_t n;               /* 0 … STATISTICS_COUNT_MAX + 1: more than can be told */
};

/*
 * Decisions of the team. One that was taken back counts as undone and nothing else; taking back,
 * holding and pointing out are not counted.
 */
struct statistics_work {
    int64_t published;
    int64_t removed; /* rejected, spam, withdrawn */
    int64_t undone;
};

struct statistics_member {
    struct moderator_id id;
    struct str name;
    struct statistics_work work;
};

/* How often a rule did something to a comment, and what moderators think of those comments now. */
struct statistics_rule {
    struct str rule; /* "rule:12", "mode:held", "campaign": all of them */
    int64_t met;
    int64_t good, bad; /* what is missing to met: nobody of the team has judged them */
};

/* A quarter of an hour. */
struct statistics_slot {
    int64_t arrived; /* at the queue: by a rule or a mode */
    struct statistics_work work;
};

struct statistics {
    struct statistics_age ages[STATISTICS_AGES]; /* youngest first */
    int64_t held;                                /* their sum */
    bool held_is_exact;                          /* else: at least so many */
    int64_t oldest_s;                            /* when the oldest was written; 0: none is held */
    int64_t since_s; /* of the decisions looked at: later than was asked for when they were more */
    bool is_whole;   /* than STATISTICS_WINDOW */
    struct statistics_work work; /* of the whole team */
    int64_t timed;               /* decisions on comments that waited, not taken back */
    int64_t median_s;            /* what they waited: the middle one, or the mean of the two */
    const struct statistics_member *members; /* by name; those who decided nothing, too */
    size_t n_members;
    const struct statistics_rule *rules; /* the most frequent first */
    size_t n_rules;
    int64_t slots_s; /* when the first begins: at or before since_s */
    const struct statistics_slot *slots;
    size_t n_slots;
};

/*
 * All of it since a time at most STATISTICS_DAYS_MAX days ago. Of the members a moderator sees
 * themselves alone, ROLE_SENIOR and above everybody. Seven statements. Memory: tx's arena, about
 * 100 bytes a decision and 32 a slot.
 */
MUST_USE bool statistics_get(const struct domain *d, struct tx *tx, const struct actor *actor,
                             int64_t since_s, struct statistics *ret_statistics, struct err *e);

/* The share of what was kept away among what was decided, in whole per cent, half rounded up;
 * 0 when nothing was. */
int64_t statistics_percent(const struct statistics_work *work);
