/* What glibc's allocator has beyond the standard, which Swift's own module of the C library leaves out. */
#include <malloc.h>
