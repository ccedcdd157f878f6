// SQLite for StetStore and StetWorkspace.
#ifndef STET_CSQLite_SHIM_H
#define STET_CSQLite_SHIM_H
#include <sqlite3.h>
#endif
