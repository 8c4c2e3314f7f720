// A fake model provider: one thread, epoll, HTTP/1.1 with keep-alive; it answers at once so that a proxy before it is what is measured.
// POST …/chat/completions answers as OpenAI chat does, POST …/messages as Anthropic does; `"stream":true` anywhere in the body
// asks for 200 text events in one burst. A model named `paced-<ms>-<events>` is slow instead: an event every <ms>, or one reply after <ms>.
// Other formats (and these two, if wished) are answered from the files `<format>-unary` and `<format>-burst` of a folder.
// Usage: upstream [--port N] [--replies FOLDER]    prints {"port":N} and serves until it is killed.
#include "answers.h"
#include "net.h"

#define FIRST_BUFFER_BYTES 16384
#define BODY_LIMIT_BYTES (64L << 20)  // no scenario comes near; a broken length must not eat the machine
#define PACE_SEARCH_BYTES 4096  // every subject keeps `model` near the front or the end of the object

struct connection {
  int fd;
  char *in;  // the bytes of the request being read
  size_t in_length, in_capacity;
  size_t head_length;              // 0 while the head is incomplete
  size_t body_length, raw_cursor;  // decoded body bytes after the head; where undecoded bytes begin
  long content_length;             // -1: chunked
  const char *out;                 // what is still to be written of a reply
  size_t out_length;
  bool closing, writable_wanted, is_stream;
  enum shape shape;
  int64_t due_us, pace_us;
  int events_left;
  int heap_index;  // 1-based place among the paced; 0: not paced
};

static int loop, timer;

static struct connection **paced;
static int paced_count, paced_capacity;

// The paced connections wait in a binary heap by due time, so that thousands of open streams cost nothing while idle.
static void place(struct connection *connection, int index) {
  paced[index] = connection;
  connection->heap_index = index;
}

static void sift(struct connection *connection, int index) {
  while (index > 1 && paced[index / 2]->due_us > connection->due_us) {
    place(paced[index / 2], index);
    index /= 2;
  }
  for (;;) {
    int child = index * 2;
    if (child < paced_count && paced[child + 1]->due_us < paced[child]->due_us) child++;
    if (child > paced_count || paced[child]->due_us >= connection->due_us) break;
    place(paced[child], index);
    index = child;
  }
  place(connection, index);
}

static void add_paced(struct connection *connection) {
  if (paced_count + 2 > paced_capacity) {
    paced_capacity = paced_capacity ? paced_capacity * 2 : 1024;
    paced = grow(paced, sizeof *paced * (size_t)paced_capacity);
  }
  sift(connection, ++paced_count);
}

static void remove_paced(struct connection *connection) {
  int index = connection->heap_index;
  if (!index) return;
  connection->heap_index = 0;
  struct connection *last = paced[paced_count--];
  if (last != connection) sift(last, index);
}

static void close_connection(struct connection *connection) {
  remove_paced(connection);
  close(connection->fd);
  free(connection->in);
  free(connection);
}

static void want_writable(struct connection *connection, bool wanted) {
  if (connection->writable_wanted == wanted) return;
  connection->writable_wanted = wanted;
  struct epoll_event event = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = connection};
  epoll_ctl(loop, EPOLL_CTL_MOD, connection->fd, &event);
}

// Writes what it can of the waiting bytes; false when the connection is gone.
static bool flush(struct connection *connection) {
  while (connection->out_length) {
    ssize_t wrote = send(connection->fd, connection->out, connection->out_length, MSG_NOSIGNAL);
    if (wrote < 0 && errno == EAGAIN) {
      want_writable(connection, true);
      return true;
    }
    if (wrote < 0) {
      close_connection(connection);
      return false;
    }
    connection->out += wrote;
    connection->out_length -= (size_t)wrote;
  }
  want_writable(connection, false);
  if (connection->closing && !connection->heap_index) {
    close_connection(connection);
    return false;
  }
  return true;
}

static bool reply_with(struct connection *connection, const struct text *text) {
  connection->out = text->bytes;
  connection->out_length = text->length;
  return flush(connection);
}

// Small writes of a paced stream; a client that stopped reading loses its stream instead of filling our memory.
static bool write_now(struct connection *connection, const char *bytes, size_t length) {
  if (send(connection->fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length) return true;
  close_connection(connection);
  return false;
}

static bool send_paced_event(struct connection *connection) {
  const struct text *event = &text_event[connection->shape];
  char bytes[EVENT_BYTES], digits[STAMP_DIGITS + 1];
  memcpy(bytes, event->bytes, event->length);
  snprintf(digits, sizeof digits, "%016lld", (long long)now_us());
  memcpy(bytes + stamp_offset[connection->shape], digits, STAMP_DIGITS);
  return write_now(connection, bytes, event->length);
}

static void run_due(struct connection *connection) {
  if (!connection->is_stream) {
    remove_paced(connection);
    reply_with(connection, &unary_reply[connection->shape]);
  } else if (connection->events_left-- > 0) {
    connection->due_us += connection->pace_us;
    sift(connection, connection->heap_index);
    send_paced_event(connection);
  } else {
    remove_paced(connection);
    const struct text *end = &stream_end[connection->shape];
    if (write_now(connection, end->bytes, end->length) && write_now(connection, "0\r\n\r\n", 5)) flush(connection);
  }
}

static void run_timers(void) {
  uint64_t expirations;
  if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN) fail("timer");
  while (paced_count && paced[1]->due_us <= now_us()) run_due(paced[1]);
}

static const char *find_pace(const char *body, size_t length) {
  const char *needle = "\"model\":\"paced-";
  if (length <= 2 * PACE_SEARCH_BYTES) return find_bytes(body, length, needle);
  const char *found = find_bytes(body, PACE_SEARCH_BYTES, needle);
  return found ? found : find_bytes(body + length - PACE_SEARCH_BYTES, PACE_SEARCH_BYTES, needle);
}

// Streams that begin together must not tick together: each gets its own place within one pace, evenly spread.
static int64_t phase_us(int64_t pace_us) {
  static uint32_t turn;
  turn += 2654435769u;
  return (int64_t)((uint64_t)pace_us * turn >> 32);
}

static bool start_paced(struct connection *connection, const char *pace) {
  int pace_ms = 0;
  if (sscanf(pace, "\"model\":\"paced-%d-%d", &pace_ms, &connection->events_left) < 1) return reply_with(connection, &unary_reply[OPENAI]);
  connection->pace_us = (int64_t)pace_ms * 1000;
  connection->due_us = now_us() + connection->pace_us;
  if (connection->is_stream) connection->due_us += phase_us(connection->pace_us);
  add_paced(connection);
  if (!connection->is_stream) return true;
  const struct text *start = &stream_start[connection->shape];
  return write_now(connection, paced_head.bytes, paced_head.length) && write_now(connection, start->bytes, start->length);
}

static enum shape shape_of(const char *path, size_t length) {
  if (find_bytes(path, length, "/messages")) return ANTHROPIC;
  if (find_bytes(path, length, "/responses")) return RESPONSES;
  if (find_bytes(path, length, "enerateContent")) return GEMINI;
  return find_bytes(path, length, "/api/chat") ? OLLAMA : OPENAI;
}

// Answers the complete request at the front of the buffer.
static bool answer(struct connection *connection) {
  const char *body = connection->in + connection->head_length;
  const char *path_end = memchr(connection->in + 5, ' ', connection->head_length - 5);
  size_t path_length = path_end ? (size_t)(path_end - connection->in) : 0;
  connection->shape = shape_of(connection->in, path_length);
  connection->is_stream = connection->shape == GEMINI ? find_bytes(connection->in, path_length, ":stream") != NULL
                                                      : find_bytes(body, connection->body_length, "\"stream\":true") != NULL;
  connection->closing = header_has(find_header(connection->in, connection->head_length, "connection"), "close");
  const char *pace = find_pace(body, connection->body_length);
  if (pace) return start_paced(connection, pace);
  return reply_with(connection, connection->is_stream ? &burst_reply[connection->shape] : &unary_reply[connection->shape]);
}

// Moves arrived chunks together behind the head; 1 when the body is whole, 0 when more is needed, -1 when it is broken.
static int decode_chunks(struct connection *connection) {
  for (;;) {
    char *at = connection->in + connection->raw_cursor, *end = connection->in + connection->in_length;
    char *line_end = memchr(at, '\n', (size_t)(end - at));
    if (!line_end) return 0;
    char *digits_end;
    long size = strtol(at, &digits_end, 16);
    if (digits_end == at || size < 0 || size > BODY_LIMIT_BYTES) return -1;
    if (size == 0) {  // trailers are not expected: the empty line must follow
      if (end - line_end < 3) return 0;
      connection->raw_cursor = (size_t)(line_end + 3 - connection->in);
      return 1;
    }
    if (end - (line_end + 1) < size + 2) return 0;
    memmove(connection->in + connection->head_length + connection->body_length, line_end + 1, (size_t)size);
    connection->body_length += (size_t)size;
    connection->raw_cursor = (size_t)(line_end + 1 + size + 2 - connection->in);
  }
}

static int read_head(struct connection *connection) {
  char *end = memmem(connection->in, connection->in_length, "\r\n\r\n", 4);
  if (!end) return 0;
  connection->head_length = connection->raw_cursor = (size_t)(end + 4 - connection->in);
  connection->body_length = 0;
  const char *length = find_header(connection->in, connection->head_length, "content-length");
  bool chunked = header_has(find_header(connection->in, connection->head_length, "transfer-encoding"), "chunked");
  connection->content_length = chunked ? -1 : length ? atol(length) : 0;
  if (connection->content_length > BODY_LIMIT_BYTES) return -1;
  if (find_header(connection->in, connection->head_length, "expect"))
    return write_now(connection, "HTTP/1.1 100 Continue\r\n\r\n", 25) ? 1 : -2;
  return 1;
}

// 1: a whole request is at the front; 0: more bytes are needed; -1: broken; -2: the connection is gone.
static int read_request(struct connection *connection) {
  if (!connection->head_length) {
    int head = read_head(connection);
    if (head <= 0) return head;
  }
  if (connection->content_length < 0) return decode_chunks(connection);
  size_t whole = connection->head_length + (size_t)connection->content_length;
  if (connection->in_length < whole) return 0;
  connection->body_length = (size_t)connection->content_length;
  connection->raw_cursor = whole;
  return 1;
}

static void make_room(struct connection *connection) {
  size_t wanted = connection->in_length + FIRST_BUFFER_BYTES;
  if (connection->head_length && connection->content_length > 0) wanted = connection->head_length + (size_t)connection->content_length;
  if (connection->in_capacity >= wanted && connection->in_capacity > connection->in_length) return;
  size_t doubled = connection->in_capacity * 2;
  connection->in_capacity = wanted > doubled ? wanted : doubled;
  connection->in = grow(connection->in, connection->in_capacity + 1);
}

static void take_requests(struct connection *connection) {
  while (connection->in_length && !connection->out_length && !connection->heap_index) {
    connection->in[connection->in_length] = 0;
    int state = read_request(connection);
    if (state == -1) close_connection(connection);
    if (state < 0 || state == 0) return;
    if (!answer(connection)) return;
    size_t used = connection->raw_cursor;
    memmove(connection->in, connection->in + used, connection->in_length - used);
    connection->in_length -= used;
    connection->head_length = 0;
  }
}

static void on_readable(struct connection *connection) {
  make_room(connection);
  size_t room = connection->in_capacity - connection->in_length;
  ssize_t got = recv(connection->fd, connection->in + connection->in_length, room, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    close_connection(connection);
    return;
  }
  connection->in_length += (size_t)got;
  take_requests(connection);
}

static void accept_all(int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) fail("calloc");
    tune_socket(fd);
    connection->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
  }
}

static int open_listener(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in address = loopback(port);
  socklen_t size = sizeof address;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, size) < 0) fail("bind");
  if (listen(fd, 4096) < 0) fail("listen");
  getsockname(fd, (struct sockaddr *)&address, &size);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

int main(int count, char **words) {
  int port = count > 2 && strcmp(words[1], "--port") == 0 ? atoi(words[2]) : 0;
  const char *replies = count > 4 && strcmp(words[3], "--replies") == 0 ? words[4] : NULL;
  struct epoll_event events[512];
  prepare_process();
  build_replies();
  if (replies) load_replies(replies);
  loop = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  int listener = open_listener(port);
  struct epoll_event on_accept = {.events = EPOLLIN, .data.ptr = &listener}, on_timer = {.events = EPOLLIN, .data.ptr = &timer};
  epoll_ctl(loop, EPOLL_CTL_ADD, listener, &on_accept);
  epoll_ctl(loop, EPOLL_CTL_ADD, timer, &on_timer);
  for (;;) {
    int ready = epoll_wait(loop, events, 512, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    bool timers = false;
    for (int i = 0; i < ready; i++) {
      struct connection *connection = events[i].data.ptr;
      if (events[i].data.ptr == &listener) accept_all(listener);
      else if (events[i].data.ptr == &timer) timers = true;
      else if (events[i].events & EPOLLOUT) { if (flush(connection)) take_requests(connection); }
      else on_readable(connection);
    }
    if (timers) run_timers();  // after the sockets: it may close connections that this round still names
    arm_timer(timer, paced_count ? paced[1]->due_us : 0);
  }
}
