// A load generator: one thread, epoll, keep-alive connections to one loopback port, whole replies read and checked.
//   closed  every connection sends its next request as soon as its reply is read (throughput)
//   open    requests are due on a constant schedule and timed from when they were due, whether or not one could be sent (latency)
//   hold    opens every stream, prints {"open":N} when each has its first event, and keeps them until --seconds have passed
// Usage: load --mode closed|open|hold --port N --path P --body FILE --connections N --seconds S [--warmup S] [--rate N]
//             [--header 'name: value']… [--expect TEXT] [--stamps]      Prints one JSON object, see print_result.
#include "net.h"
#include "reply.h"
#include "samples.h"

#define READ_BYTES (256 * 1024)
#define TAIL_BYTES 192           // the end of a reply, where --expect is looked for
#define GRACE_US 2000000         // how long replies still in flight are waited for at the end
#define OPENING_LIMIT_US 30000000  // how long `hold` may take to open its streams
#define OPENING_AT_ONCE 500      // streams opened together: below the listen queue of Node (511)

enum mode { CLOSED, OPEN, HOLD };

struct connection {
  int fd;
  size_t sent;
  bool busy, has_first, writable_wanted;
  int64_t due_us;       // when the request was due (open) or sent (closed, hold)
  struct reply reply;
  char tail[TAIL_BYTES];
  size_t tail_length;
  int stamp_digits;     // -1: outside a stamp
  int64_t stamp;
  int next_idle;
};

static struct {
  enum mode mode;
  int port, connections;
  double seconds, warmup, rate;
  const char *path, *expect;
  bool stamps;
} options = {.mode = CLOSED, .connections = 1, .seconds = 1, .path = "/"};

static char *request;
static size_t request_length;
static struct connection *all;
static int loop, timer, opened, first_idle = -1;
static struct samples latencies, first_bytes, event_delays;
static int64_t start_us, measure_us, end_us;
static uint64_t requests, requests_total, errors, bytes, reconnects, unfinished, streaming, events_total;
static int64_t *queue;  // moments of requests that are due and not sent yet (open)
static size_t queue_head, queue_count, queue_capacity;
static uint64_t scheduled;
static char sample_error[200];

static void watch(struct connection *connection, int operation, bool writable) {
  struct epoll_event event = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.ptr = connection};
  connection->writable_wanted = writable;
  epoll_ctl(loop, operation, connection->fd, &event);
}

static void connect_again(struct connection *connection) {
  struct sockaddr_in address = loopback(options.port);
  if (connection->fd > 0) close(connection->fd);
  connection->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connection->fd < 0) fail("socket");
  // Blocking: on loopback it returns at once, and a refused connection means that nothing is there to measure.
  if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  tune_socket(connection->fd);
  watch(connection, EPOLL_CTL_ADD, false);
}

static void note_error(struct connection *connection, const char *what) {
  errors++;
  if (sample_error[0]) return;
  snprintf(sample_error, sizeof sample_error, "%s, status %d, ends with %.*s", what, connection->reply.status, (int)connection->tail_length,
           connection->tail);
}

static void send_rest(struct connection *connection) {
  while (connection->sent < request_length) {
    ssize_t wrote = send(connection->fd, request + connection->sent, request_length - connection->sent, MSG_NOSIGNAL);
    if (wrote < 0) {
      if (errno == EAGAIN && !connection->writable_wanted) watch(connection, EPOLL_CTL_MOD, true);
      return;  // a broken socket is seen when it is read
    }
    connection->sent += (size_t)wrote;
  }
  if (connection->writable_wanted) watch(connection, EPOLL_CTL_MOD, false);
}

static void begin(struct connection *connection, int64_t due_us) {
  connection->busy = true;
  connection->has_first = false;
  connection->sent = connection->tail_length = 0;
  start_reply(&connection->reply);
  connection->stamp_digits = -1;
  connection->due_us = due_us;
  send_rest(connection);
}

static void set_idle(struct connection *connection) {
  connection->next_idle = first_idle;
  first_idle = (int)(connection - all);
}

static void begin_next(struct connection *connection) {
  int64_t now = now_us();
  if (options.mode == CLOSED && now < end_us) begin(connection, now);
  if (options.mode != OPEN) return;
  if (!queue_count) {
    set_idle(connection);
    return;
  }
  int64_t due = queue[queue_head];
  queue_head = (queue_head + 1) % queue_capacity;
  queue_count--;
  begin(connection, due);
}

static void finish(struct connection *connection, const char *fault) {
  int64_t now = now_us();
  connection->busy = false;
  requests_total++;
  if (!fault && connection->reply.status != 200) fault = "unexpected status";
  if (!fault && options.expect && !memmem(connection->tail, connection->tail_length, options.expect, strlen(options.expect)))
    fault = "reply without its expected end";
  if (fault) {
    note_error(connection, fault);
  } else if (connection->due_us >= measure_us && (options.mode == OPEN || now <= end_us)) {
    requests++;
    record(&latencies, now - connection->due_us);
  }
  if (fault || connection->reply.is_last) {
    reconnects++;
    connect_again(connection);
  }
  begin_next(connection);
}

static void keep_tail(struct connection *connection, const char *data, size_t length) {
  if (length >= TAIL_BYTES) {
    memcpy(connection->tail, data + length - TAIL_BYTES, TAIL_BYTES);
    connection->tail_length = TAIL_BYTES;
    return;
  }
  size_t kept = connection->tail_length + length > TAIL_BYTES ? TAIL_BYTES - length : connection->tail_length;
  memmove(connection->tail, connection->tail + connection->tail_length - kept, kept);
  memcpy(connection->tail + kept, data, length);
  connection->tail_length = kept + length;
}

static void read_stamps(struct connection *connection, const char *data, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (connection->stamp_digits < 0) {
      const char *mark = memchr(data + i, '@', length - i);
      if (!mark) return;
      i = (size_t)(mark - data);
      connection->stamp_digits = 0;
      connection->stamp = 0;
    } else if (data[i] >= '0' && data[i] <= '9') {
      connection->stamp = connection->stamp * 10 + (data[i] - '0');
      connection->stamp_digits++;
    } else {
      int64_t now = now_us();
      bool whole = connection->stamp_digits == STAMP_DIGITS && data[i] == '@' && connection->stamp > 0;
      if (whole) events_total++;
      if (whole && now >= measure_us && now <= end_us) record(&event_delays, now - connection->stamp);
      connection->stamp_digits = -1;
    }
  }
}

static void take_body(void *owner, const char *data, size_t length) {
  struct connection *connection = owner;
  bytes += length;
  if (!connection->has_first) {
    connection->has_first = true;
    streaming++;
    int64_t now = now_us();
    if (connection->due_us >= measure_us && now <= end_us) record(&first_bytes, now - connection->due_us);
  }
  if (options.stamps) read_stamps(connection, data, length);
  keep_tail(connection, data, length);
}

static void take_bytes(struct connection *connection, const char *data, size_t length) {
  if (!connection->busy) return;
  switch (read_reply(&connection->reply, data, length, take_body, connection)) {
    case REPLY_WHOLE: return finish(connection, NULL);
    case REPLY_BROKEN: return finish(connection, "reply head too long");
    case REPLY_PARTIAL: return;
  }
}

static void lose_connection(struct connection *connection) {
  if (!connection->busy) {  // the server ended an idle connection, which is its right
    reconnects++;
    connect_again(connection);
  } else if (connection->reply.in_body && connection->reply.framing == UNTIL_CLOSE) {
    connection->reply.is_last = true;
    finish(connection, NULL);
  } else if (!connection->reply.head_length && reconnects++ < requests_total) {  // it ended just as we sent: once more
    int64_t due = connection->due_us;
    connect_again(connection);
    begin(connection, due);
  } else {
    finish(connection, "connection lost");
  }
}

static void on_readable(struct connection *connection) {
  static char buffer[READ_BYTES];
  ssize_t got = recv(connection->fd, buffer, sizeof buffer, 0);
  if (got > 0) take_bytes(connection, buffer, (size_t)got);
  else if (got == 0 || errno != EAGAIN) lose_connection(connection);
}

// Puts every request that is due by now into the queue and hands what can be sent to idle connections.
static void run_schedule(void) {
  int64_t now = now_us();
  for (;;) {
    int64_t due = start_us + (int64_t)((double)scheduled * 1e6 / options.rate);
    if (due > now || due >= end_us) break;
    scheduled++;
    if (first_idle >= 0) {
      struct connection *connection = &all[first_idle];
      first_idle = connection->next_idle;
      begin(connection, due);
    } else {
      queue[(queue_head + queue_count++) % queue_capacity] = due;
    }
  }
}

static void open_some(void) {
  while (opened < options.connections && (opened < (int)streaming + OPENING_AT_ONCE || options.mode != HOLD)) {
    struct connection *connection = &all[opened++];
    connect_again(connection);
    connection->stamp_digits = -1;
    if (options.mode == OPEN) set_idle(connection);
    else begin(connection, now_us());
  }
}

static void set_window(int64_t from_us) {
  start_us = from_us;
  measure_us = start_us + (int64_t)(options.warmup * 1e6);
  end_us = measure_us + (int64_t)(options.seconds * 1e6);
}

// In `hold` the window begins when the last stream has begun.
static void check_open(void) {
  static bool announced;
  if (options.mode != HOLD || announced) return;
  if ((int)streaming < options.connections) {
    open_some();
    return;
  }
  announced = true;
  set_window(now_us());
  printf("{\"open\":%llu}\n", (unsigned long long)streaming);
  fflush(stdout);
}

static bool is_over(int64_t now) {
  if (now < end_us) return false;
  if (options.mode == HOLD || now > end_us + GRACE_US) return true;
  for (int i = 0; i < opened; i++)
    if (all[i].busy) return false;
  return true;
}

static void run(void) {
  struct epoll_event events[512];
  int64_t now;
  while (!is_over(now = now_us())) {
    int64_t wake = now < end_us ? end_us : now + 10000;
    if (options.mode == OPEN && now < end_us) {
      run_schedule();
      int64_t due = start_us + (int64_t)((double)scheduled * 1e6 / options.rate);
      if (due < wake) wake = due;
    }
    arm_timer(timer, wake);
    int ready = epoll_wait(loop, events, 512, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; i++) {
      struct connection *connection = events[i].data.ptr;
      uint64_t expirations;
      if (!connection) {
        if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) fail("timer");
        continue;
      }
      if (events[i].events & EPOLLOUT) send_rest(connection);
      if (events[i].events & ~(uint32_t)EPOLLOUT) on_readable(connection);
    }
    check_open();
  }
}

// What never came back counts with the age it had at the end, so that a slow subject cannot look fast by dropping its worst.
static void count_unfinished(void) {
  int64_t now = now_us();
  if (options.mode == HOLD) return;
  for (int i = 0; i < opened; i++) {
    if (!all[i].busy) continue;
    unfinished++;
    record(&latencies, now - all[i].due_us);
  }
  for (size_t i = 0; i < queue_count; i++) record(&latencies, now - queue[(queue_head + i) % queue_capacity]);
  unfinished += queue_count;
}

static void print_result(void) {
  printf("{\"requests\":%llu,\"requests_total\":%llu,\"errors\":%llu,\"unfinished\":%llu,\"reconnects\":%llu,\"bytes\":%llu,\"rps\":%.1f",
         (unsigned long long)requests, (unsigned long long)requests_total, (unsigned long long)errors, (unsigned long long)unfinished,
         (unsigned long long)reconnects, (unsigned long long)bytes, (double)requests / options.seconds);
  print_percentiles("", &latencies);
  print_percentiles("first_", &first_bytes);
  printf(",\"events_total\":%llu", (unsigned long long)events_total);
  print_percentiles("event_", &event_delays);
  for (char *at = sample_error; *at; at++)
    if (*at == '"' || *at == '\\' || (unsigned char)*at < 32) *at = '\'';
  printf(",\"error\":\"%s\"}\n", sample_error);
}

static void build_request(const char *body_file, const char *headers) {
  FILE *file = body_file ? fopen(body_file, "rb") : NULL;
  if (!file) fail("--body");
  fseek(file, 0, SEEK_END);
  size_t length = (size_t)ftell(file);
  rewind(file);
  request = grow(NULL, length + strlen(headers) + strlen(options.path) + 256);
  request_length = (size_t)sprintf(
      request, "POST %s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\ncontent-type: application/json\r\naccept: */*\r\ncontent-length: %zu\r\n%s\r\n",
      options.path, options.port, length, headers);
  if (fread(request + request_length, 1, length, file) != length) fail("--body");
  request_length += length;
  fclose(file);
}

static enum mode read_mode(const char *word) { return *word == 'o' ? OPEN : *word == 'h' ? HOLD : CLOSED; }

static void read_options(int count, char **words) {
  const char *body_file = NULL;
  char headers[8192] = "";
  for (int i = 1; i < count; i++) {
    const char *name = words[i];
    if (strcmp(name, "--stamps") == 0) {
      options.stamps = true;
      continue;
    }
    const char *value = i + 1 < count ? words[++i] : "";
    if (strcmp(name, "--mode") == 0) options.mode = read_mode(value);
    else if (strcmp(name, "--port") == 0) options.port = atoi(value);
    else if (strcmp(name, "--path") == 0) options.path = value;
    else if (strcmp(name, "--body") == 0) body_file = value;
    else if (strcmp(name, "--connections") == 0) options.connections = atoi(value);
    else if (strcmp(name, "--seconds") == 0) options.seconds = atof(value);
    else if (strcmp(name, "--warmup") == 0) options.warmup = atof(value);
    else if (strcmp(name, "--rate") == 0) options.rate = atof(value);
    else if (strcmp(name, "--expect") == 0) options.expect = value;
    else if (strcmp(name, "--header") == 0) snprintf(headers + strlen(headers), sizeof headers - strlen(headers), "%s\r\n", value);
    else {
      fprintf(stderr, "load: unknown option %s\n", name);
      exit(2);
    }
  }
  if (options.mode == OPEN && options.rate <= 0) options.rate = 1;
  build_request(body_file, headers);
}

int main(int count, char **words) {
  prepare_process();
  read_options(count, words);
  loop = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct epoll_event on_timer = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(loop, EPOLL_CTL_ADD, timer, &on_timer);
  all = calloc((size_t)options.connections, sizeof *all);
  queue_capacity = (size_t)(options.rate * (options.seconds + options.warmup)) + 16;
  queue = grow(NULL, queue_capacity * sizeof *queue);
  set_window(now_us());
  if (options.mode == HOLD) end_us = start_us + OPENING_LIMIT_US;
  open_some();
  if (options.mode == OPEN) set_window(now_us());
  run();
  count_unfinished();
  print_result();
  return 0;
}
