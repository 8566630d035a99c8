/* Linux's epoll, which Swift's own module of the C library leaves out. */
#include <sys/epoll.h>
