// What the fake upstream and the load generator share: time, sockets, and a byte search that is not the bottleneck.
#ifndef BENCH_NET_H
#define BENCH_NET_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define STAMP_DIGITS 16  // a moment in microseconds, written between two '@' in the text of a paced event

static int64_t now_us(void) {
  struct timespec moment;
  clock_gettime(CLOCK_MONOTONIC, &moment);
  return (int64_t)moment.tv_sec * 1000000 + moment.tv_nsec / 1000;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *grow(void *block, size_t bytes) {
  void *larger = realloc(block, bytes);
  if (!larger) fail("realloc");
  return larger;
}

// Dies with the harness, never raises SIGPIPE, wakes on time, and may hold thousands of sockets.
static void prepare_process(void) {
  struct rlimit files;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_TIMERSLACK, 1000UL);
  signal(SIGPIPE, SIG_IGN);
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

static void tune_socket(int fd) {
  int on = 1;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Arms `timer` for the moment `due_us` of the monotonic clock; 0 disarms it.
static void arm_timer(int timer, int64_t due_us) {
  struct itimerspec when = {0};
  when.it_value.tv_sec = due_us / 1000000;
  when.it_value.tv_nsec = (due_us % 1000000) * 1000;
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

typedef unsigned char block_t __attribute__((vector_size(32)));

static bool any_set(block_t block) {
  uint64_t words[4];
  memcpy(words, &block, sizeof words);
  return (words[0] | words[1] | words[2] | words[3]) != 0;
}

// Like memmem, but looks at 32 positions at once for the needle's first and last byte: a 200 KB body is searched
// for every request, and a byte-wise search would make the upstream slower than the proxies it stands behind.
__attribute__((unused)) static const char *find_bytes(const char *hay, size_t length, const char *needle) {
  size_t size = strlen(needle);
  if (length < size) return NULL;
  size_t last = length - size, at = 0;
  block_t first_byte = (block_t){0} + (unsigned char)needle[0];
  block_t last_byte = (block_t){0} + (unsigned char)needle[size - 1];
  for (; at + 32 + size <= length; at += 32) {
    block_t head, tail;
    memcpy(&head, hay + at, 32);
    memcpy(&tail, hay + at + size - 1, 32);
    if (!any_set((block_t)(head == first_byte) & (block_t)(tail == last_byte))) continue;
    for (size_t i = at; i < at + 32 && i <= last; i++)
      if (hay[i] == needle[0] && memcmp(hay + i, needle, size) == 0) return hay + i;
  }
  for (; at <= last; at++)
    if (hay[at] == needle[0] && memcmp(hay + at, needle, size) == 0) return hay + at;
  return NULL;
}

// Reads one header's value out of a head that ends with an empty line; NULL when it is absent.
static const char *find_header(const char *head, size_t length, const char *name) {
  size_t size = strlen(name);
  const char *end = head + length, *line = memchr(head, '\n', length);
  while (line && ++line + size < end) {
    if (line[size] == ':' && strncasecmp(line, name, size) == 0) {
      const char *value = line + size + 1;
      while (*value == ' ') value++;
      return value;
    }
    line = memchr(line, '\n', (size_t)(end - line));
  }
  return NULL;
}

static bool header_has(const char *value, const char *word) {
  if (!value) return false;
  size_t length = strcspn(value, "\r\n"), size = strlen(word);
  for (size_t i = 0; i + size <= length; i++)
    if (strncasecmp(value + i, word, size) == 0) return true;
  return false;
}

#endif
