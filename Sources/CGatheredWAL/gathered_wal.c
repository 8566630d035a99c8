#include "gathered_wal.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

// What waits here are frames of a transaction that is under way: nobody but its own connection may look at them. The
// page that ends a commit never waits, and is written after all before it; so is everything before a sync. Hence order
// and contents of the file are what they would be without this, and a write that fails fails the commit, or whatever
// else SQLite was doing in the transaction, before anything is answered.
//
// A sync that fails fails its commit, but leaves it in the file as programs see it, while the disk may never get it, be
// the next sync as successful as it may. Whoever opened the file anew would find it, and write behind it what would be
// lost with it when the power goes. So such a commit loses its mark at once.
//
// A frame that could not be written is kept, for SQLite was told that it had been: the transaction may go on, but it
// does not get past that frame. Frames of a transaction that was undone are forgotten when it lets go of the lock on
// writing: from then on their place in the file belongs to whoever writes next, in this process or another.

enum {
    /// Bytes that wait at most.
    CAPACITY = 128 << 10,
    /// Bytes of a frame's header, and where in it a commit has the size of the database (SQLite's file format, 4.2).
    FRAME_HEADER = 24,
    COMMIT_MARK = 4,
    /// The lock on writing among those of the wal-index (SQLite's WAL-mode file format, 2.3).
    WRITE_LOCK = 0,
    /// No place in a file.
    NOWHERE = -1,
};

/// What is added to a database's file, or to its log's: some methods of its own in place of those of the file below.
struct addition {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *below;
    /// The log of a database, or the database of a log; NULL where it is not open.
    struct addition *other;
    /// Where in the log the bytes belong that wait, and how many there are. Where none do: the end of the last write.
    sqlite3_int64 start;
    int count;
    /// Whether the header of the frame that ends a commit was the last write.
    int is_commit;
    /// Where the header of the frame stands that ends a commit which is not synced, or NOWHERE.
    sqlite3_int64 unsynced_commit;
    unsigned char *bytes;
};

struct vfs {
    sqlite3_vfs base;
    sqlite3_vfs *below;
};

static int size_of_file_below(sqlite3_vfs *below) { return (below->szOsFile + 7) & ~7; }

static struct addition *addition_to(sqlite3_file *file) {
    return (struct addition *)((char *)file->pMethods - offsetof(struct addition, methods));
}

static void forget(struct addition *log) {
    log->count = 0;
    log->is_commit = 0;
    log->unsynced_commit = NOWHERE;
}

/// Writes what waits; where that fails, it waits on.
static int flush(sqlite3_file *file, struct addition *log) {
    if (log->count == 0) return SQLITE_OK;
    int status = log->below->xWrite(file, log->bytes, log->count, log->start);
    if (status != SQLITE_OK) return status;
    log->start += log->count;
    log->count = 0;
    return SQLITE_OK;
}

static int write_log(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    static const unsigned char no_commit[4];
    struct addition *log = addition_to(file);
    // Only what goes on where the last write ended may wait, so that an earlier frame that is written anew never does.
    int waits = offset == log->start + log->count && !log->is_commit && count <= CAPACITY;
    if (!waits || count > CAPACITY - log->count) {
        int status = flush(file, log);
        if (status != SQLITE_OK) return status;
    }
    if (waits) {
        memcpy(log->bytes + log->count, bytes, count);
        log->count += count;
    } else {
        int status = log->below->xWrite(file, bytes, count, offset);
        if (status != SQLITE_OK) return status;
        log->start = offset + count;
    }
    log->is_commit = count == FRAME_HEADER && memcmp((const char *)bytes + COMMIT_MARK, no_commit, 4) != 0;
    if (log->is_commit) log->unsynced_commit = offset;
    return SQLITE_OK;
}

static int read_log(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    struct addition *log = addition_to(file);
    if (offset + count > log->start && offset < log->start + log->count) {
        int status = flush(file, log);
        if (status != SQLITE_OK) return status;
    }
    return log->below->xRead(file, bytes, count, offset);
}

static int truncate_log(sqlite3_file *file, sqlite3_int64 size) {
    struct addition *log = addition_to(file);
    int status = flush(file, log);
    return status == SQLITE_OK ? log->below->xTruncate(file, size) : status;
}

static int sync_log(sqlite3_file *file, int flags) {
    static const unsigned char no_frame[FRAME_HEADER];
    struct addition *log = addition_to(file);
    int status = flush(file, log);
    if (status == SQLITE_OK) status = log->below->xSync(file, flags);
    // A disk that does not take this either will be found full of errors by whoever comes next.
    if (status != SQLITE_OK && log->unsynced_commit != NOWHERE) {
        (void)log->below->xWrite(file, no_frame, FRAME_HEADER, log->unsynced_commit);
    }
    log->unsynced_commit = NOWHERE;
    return status;
}

static int size_of_log(sqlite3_file *file, sqlite3_int64 *size) {
    struct addition *log = addition_to(file);
    int status = flush(file, log);
    return status == SQLITE_OK ? log->below->xFileSize(file, size) : status;
}

static int close_log(sqlite3_file *file) {
    struct addition *log = addition_to(file);
    log->other->other = NULL;
    sqlite3_free(log->bytes);
    return log->below->xClose(file);
}

static int lock_index(sqlite3_file *file, int first, int count, int flags) {
    struct addition *database = addition_to(file);
    if (flags & SQLITE_SHM_UNLOCK && first <= WRITE_LOCK && database->other) forget(database->other);
    return database->below->xShmLock(file, first, count, flags);
}

static int open_log(sqlite3_file *file, struct addition *log, sqlite3_file *database) {
    // A database that cannot tell when its lock on writing is released gets no gathering.
    if (database->pMethods->xShmLock != lock_index) return SQLITE_OK;
    // Where sectors have to be filled up, more is written behind the page that ends a commit.
    if (!(database->pMethods->xDeviceCharacteristics(database) & SQLITE_IOCAP_POWERSAFE_OVERWRITE)) return SQLITE_OK;
    unsigned char *bytes = sqlite3_malloc(CAPACITY);
    if (!bytes) {
        file->pMethods->xClose(file);
        file->pMethods = NULL;
        return SQLITE_NOMEM;
    }
    *log = (struct addition){.methods = *file->pMethods, .below = file->pMethods, .bytes = bytes};
    log->unsynced_commit = NOWHERE;
    log->other = addition_to(database);
    log->other->other = log;
    log->methods.xWrite = write_log;
    log->methods.xRead = read_log;
    log->methods.xTruncate = truncate_log;
    log->methods.xSync = sync_log;
    log->methods.xFileSize = size_of_log;
    log->methods.xClose = close_log;
    file->pMethods = &log->methods;
    return SQLITE_OK;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    sqlite3_vfs *below = ((struct vfs *)vfs)->below;
    int status = below->xOpen(below, name, file, flags, out_flags);
    if (status != SQLITE_OK) return status;
    struct addition *addition = (struct addition *)((char *)file + size_of_file_below(below));
    if (flags & SQLITE_OPEN_WAL) return open_log(file, addition, sqlite3_database_file_object(name));
    if (flags & SQLITE_OPEN_MAIN_DB && file->pMethods->iVersion >= 2) {
        *addition = (struct addition){.methods = *file->pMethods, .below = file->pMethods};
        addition->methods.xShmLock = lock_index;
        file->pMethods = &addition->methods;
    }
    return SQLITE_OK;
}

/// Registers the file system where it is not; all but opening is done by the functions of the one below.
static const char *find_or_register(sqlite3_vfs *below) {
    char *name = sqlite3_mprintf("gathered-wal-%s", below->zName);
    if (!name) return NULL;
    sqlite3_vfs *found = sqlite3_vfs_find(name);
    if (found) {
        sqlite3_free(name);
        return found->zName;
    }
    struct vfs *vfs = sqlite3_malloc(sizeof *vfs);
    if (!vfs) {
        sqlite3_free(name);
        return NULL;
    }
    *vfs = (struct vfs){.base = *below, .below = below};
    vfs->base.pNext = NULL;
    vfs->base.zName = name;
    vfs->base.szOsFile = size_of_file_below(below) + (int)sizeof(struct addition);
    vfs->base.xOpen = open_file;
    sqlite3_vfs_register(&vfs->base, 0);
    return name;
}

const char *gathered_wal_vfs(const char *below) {
    sqlite3_vfs *found = sqlite3_vfs_find(below);
    if (!found) return NULL;
    // Two threads may ask at the same time.
    sqlite3_mutex *mutex = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(mutex);
    const char *name = find_or_register(found);
    sqlite3_mutex_leave(mutex);
    return name;
}
