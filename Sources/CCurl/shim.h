// libcurl for StetNet: curl_easy_setopt and getinfo are varargs, so each kind of argument has a wrapper.
#ifndef STET_CCurl_SHIM_H
#define STET_CCurl_SHIM_H
#include <curl/curl.h>
#endif
