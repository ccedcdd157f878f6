// zstd for the blobs of StetStore.
#ifndef STET_CZstd_SHIM_H
#define STET_CZstd_SHIM_H
#include <zstd.h>
#endif
