/*
 * Functions that the project does not use. Every source file includes this first, by way of a
 * compiler flag (-include), so a call fails to compile: the macro names something that is not
 * declared. Only calls are caught; the names stay free for members of other people's structs.
 */
#pragma once

/* The C library's own headers come first: their declarations must not be rewritten. */
#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef alloca
#undef atoi
#undef strcat
#undef strcpy
#undef strncat
#undef sprintf
#undef strncpy
#undef vsprintf
#define BANNED(name) name##_is_banned_see_base_banned_h
#define alloca(...) BANNED(alloca)
#define asctime(...) BANNED(asctime)
#define atoi(...) BANNED(atoi)
#define atol(...) BANNED(atol)
#define atoll(...) BANNED(atoll)
#define ctime(...) BANNED(ctime)
#define gets(...) BANNED(gets)
#define gmtime(...) BANNED(gmtime)
#define localtime(...) BANNED(localtime)
#define popen(...) BANNED(popen)
#define rand(...) BANNED(rand)
#define random(...) BANNED(random)
#define sprintf(...) BANNED(sprintf)
#define srand(...) BANNED(srand)
#define srandom(...) BANNED(srandom)
#define strcat(...) BANNED(strcat)
#define strcpy(...) BANNED(strcpy)
#define strncat(...) BANNED(strncat)
#define strncpy(...) BANNED(strncpy)
#define strtok(...) BANNED(strtok)
#define system(...) BANNED(system)
#define vsprintf(...) BANNED(vsprintf)
