// libseccomp for the sandbox of StetProcess.
#ifndef STET_CSeccomp_SHIM_H
#define STET_CSeccomp_SHIM_H
#include <seccomp.h>
#endif
