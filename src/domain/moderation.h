/*
 * The team and what it decides, for those who need most of it.
 */
#pragma once

#include "domain/decisions.h"
#include "domain/queue.h"
#include "domain/sessions.h"
#include "domain/team.h"
