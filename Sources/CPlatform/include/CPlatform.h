#ifndef STET_CPLATFORM_H
#define STET_CPLATFORM_H
#endif
