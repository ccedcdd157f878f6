// libcrypto's digests for StetHash.
#ifndef STET_CCrypto_SHIM_H
#define STET_CCrypto_SHIM_H
#include <openssl/evp.h>
#endif
