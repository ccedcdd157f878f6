// zstd for the blobs of StetStore.
#ifndef STET_CZstd_SHIM_H
#define STET_CZstd_SHIM_H
#include <zstd.h>

// The two special results of ZSTD_getFrameContentSize are casts that Swift does not import.
static const unsigned long long stet_zstd_size_unknown = ZSTD_CONTENTSIZE_UNKNOWN;
static const unsigned long long stet_zstd_size_error = ZSTD_CONTENTSIZE_ERROR;
#endif
