// libcurl for StetNet. There is no `link` line on purpose: libcurl pulls in 36 shared objects and would delay the
// first frame, so StetNet loads it with dlopen (CurlLibrary.swift) and a direct call fails to link.
// curl_easy_setopt and its kin are varargs, which Swift cannot call: each kind of argument has a wrapper here that
// takes the address of the loaded function first.
#ifndef STET_CCurl_SHIM_H
#define STET_CCurl_SHIM_H
#include <curl/curl.h>

typedef CURLcode (*stet_curl_easy_option)(CURL *, CURLoption, ...);
typedef CURLcode (*stet_curl_easy_info)(CURL *, CURLINFO, ...);
typedef CURLMcode (*stet_curl_multi_option)(CURLM *, CURLMoption, ...);

static inline CURLcode stet_curl_set_long(void *set, CURL *easy, CURLoption option, long value) {
  return ((stet_curl_easy_option)set)(easy, option, value);
}
static inline CURLcode stet_curl_set_offset(void *set, CURL *easy, CURLoption option, curl_off_t value) {
  return ((stet_curl_easy_option)set)(easy, option, value);
}
static inline CURLcode stet_curl_set_string(void *set, CURL *easy, CURLoption option, const char *value) {
  return ((stet_curl_easy_option)set)(easy, option, value);
}
static inline CURLcode stet_curl_set_pointer(void *set, CURL *easy, CURLoption option, const void *value) {
  return ((stet_curl_easy_option)set)(easy, option, value);
}
static inline CURLcode stet_curl_set_write(void *set, CURL *easy, CURLoption option, curl_write_callback value) {
  return ((stet_curl_easy_option)set)(easy, option, value);
}
static inline CURLcode stet_curl_set_progress(void *set, CURL *easy, curl_xferinfo_callback value) {
  return ((stet_curl_easy_option)set)(easy, CURLOPT_XFERINFOFUNCTION, value);
}
static inline CURLcode stet_curl_get_long(void *get, CURL *easy, CURLINFO info, long *value) {
  return ((stet_curl_easy_info)get)(easy, info, value);
}
static inline CURLcode stet_curl_get_string(void *get, CURL *easy, CURLINFO info, const char **value) {
  return ((stet_curl_easy_info)get)(easy, info, (char **)value);
}
static inline CURLMcode stet_curl_multi_set_long(void *set, CURLM *multi, CURLMoption option, long value) {
  return ((stet_curl_multi_option)set)(multi, option, value);
}
// A macro with a cast, which the importer does not see.
static inline size_t stet_curl_writefunc_pause(void) { return CURL_WRITEFUNC_PAUSE; }
#endif
