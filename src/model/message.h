/*
 * The numbers of all that the program says to people: T_… of messages.def.
 */
#pragma once

enum message {
    T_NONE = 0,
#define MESSAGE(name, kind, english) T_##name,
#include "model/messages.def"
#undef MESSAGE
    MESSAGES
};
