/*
 * Where somebody who is not signed in, or not far enough, can go on; and what they had written,
 * when a form came after their sign-in had ended.
 */
#pragma once

#include "view/model.h"
#include "web/request.h"

/*
 * The page that a request is of, with its query; for a form the page that has it. Empty: there is
 * none. On the arena.
 */
struct str door_here(struct request *rq);

/*
 * The page that leads further: signing in, its second step, or one's account.
 * next: where to go afterwards; what is no page of the console is left out. On the arena.
 */
struct str door_address(struct request *rq, struct str next);

/*
 * Fills the error page of a form that came without a sign-in: that nothing was done, the way to
 * sign in and back to the page of the form, and all running text of the form, so that it can be
 * copied.
 */
void door_fill(struct request *rq, struct error_page *p);
