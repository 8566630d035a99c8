#pragma once

// Makes z_stream.next_in a pointer to const, so that input is never handed over as mutable.
#define ZLIB_CONST
#include <zlib.h>
