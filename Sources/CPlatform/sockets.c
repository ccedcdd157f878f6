// Which socket files somebody has open, asked of the kernel (sock_diag(7), unix sockets).
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int ask(int fd) {
  struct {
    struct nlmsghdr header;
    struct unix_diag_req request;
  } message = {
      .header = {.nlmsg_len = sizeof message, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .request = {.sdiag_family = AF_UNIX, .udiag_states = ~0U, .udiag_show = UDIAG_SHOW_VFS},
  };
  return send(fd, &message, sizeof message, 0) < 0 ? -errno : 0;
}

// The inode of one socket's file; 0: it has none.
static uint32_t file_of(const struct nlmsghdr *header) {
  const struct unix_diag_msg *socket = NLMSG_DATA(header);
  int length = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof *socket));
  for (struct rtattr *attribute = (struct rtattr *)(socket + 1); RTA_OK(attribute, length);
       attribute = RTA_NEXT(attribute, length)) {
    if (attribute->rta_type == UNIX_DIAG_VFS && RTA_PAYLOAD(attribute) >= sizeof(struct unix_diag_vfs)) {
      struct unix_diag_vfs file;
      memcpy(&file, RTA_DATA(attribute), sizeof file);
      return file.udiag_vfs_ino;
    }
  }
  return 0;
}

static int collect(int fd, uint32_t *inodes, size_t capacity) {
  _Alignas(struct nlmsghdr) char buffer[32 << 10];
  size_t count = 0;
  for (;;) {
    ssize_t length = recv(fd, buffer, sizeof buffer, 0);
    if (length < 0 && errno == EINTR) { continue; }
    if (length <= 0) { return length < 0 ? -errno : -EPROTO; }
    for (struct nlmsghdr *header = (struct nlmsghdr *)buffer; NLMSG_OK(header, length);
         header = NLMSG_NEXT(header, length)) {
      if (header->nlmsg_type == NLMSG_DONE) { return (int)count; }
      if (header->nlmsg_type == NLMSG_ERROR) {
        int error = ((struct nlmsgerr *)NLMSG_DATA(header))->error;
        return error < 0 ? error : -EPROTO;
      }
      if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY) { continue; }
      uint32_t inode = file_of(header);
      if (inode == 0) { continue; }
      if (count == capacity) { return -E2BIG; }
      inodes[count++] = inode;
    }
  }
}

int stet_bound_sockets(uint32_t *inodes, size_t capacity) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) { return -errno; }
  int result = ask(fd);
  if (result == 0) { result = collect(fd, inodes, capacity); }
  close(fd);
  return result;
}
