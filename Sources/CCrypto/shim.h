// libcrypto's digests for StetHash. There is no `link` line on purpose: its relocations would delay the first frame by
// a millisecond, so StetHash loads it with dlopen (CryptoLibrary.swift) and a direct call fails to link.
#ifndef STET_CCrypto_SHIM_H
#define STET_CCrypto_SHIM_H
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#endif
