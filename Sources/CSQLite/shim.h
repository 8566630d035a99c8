#include <sqlite3.h>

/// Has SQLite keep no statistics of its memory, for which it takes a lock of the whole process at each allocation.
/// Counts only before its first use.
static inline int sqlite3_keep_no_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
