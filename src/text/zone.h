/*
 * Time zones: whether ICU knows a name. What time it is there is i18n's to say.
 */
#pragma once

#include "base/str.h"

/* Whether name is a zone of the IANA database ("Asia/Almaty", "UTC"). */
bool zone_is_known(struct str name);
