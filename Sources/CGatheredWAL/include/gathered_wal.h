#ifndef GATHERED_WAL_H
#define GATHERED_WAL_H

/// Makes a file system for SQLite (a VFS) that gathers what is appended to a write-ahead log, and otherwise is the one
/// below it. It stays registered; made again, it is the same.
///
/// SQLite appends each page with two small writes. Here they wait in memory until the transaction commits, and reach
/// the file below in large pieces.
///
/// @param below The name of the file system below; NULL for SQLite's default.
/// @return The name to open a database with, or NULL where there is no such file system, or no memory.
const char *gathered_wal_vfs(const char *below);

#endif
