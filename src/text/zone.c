#include "text/zone.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define ZONE_UNITS_MAX 64

bool zone_is_known(struct str name)
{
    UChar id[ZONE_UNITS_MAX], canonical[ZONE_UNITS_MAX];
    int32_t n = 0;
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = 0;
    if (name.n == 0 || name.n >= ZONE_UNITS_MAX)
        return false;
    u_strFromUTF8(id, ZONE_UNITS_MAX, &n, name.p, (int32_t)name.n, &status);
    (void)ucal_getCanonicalTimeZoneID(id, n, canonical, ZONE_UNITS_MAX, &is_system, &status);
    return U_SUCCESS(status) && is_system;
}
