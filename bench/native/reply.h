// Reads HTTP/1.1 replies as they arrive: head, then a body framed by length, by chunks or by the end of the connection.
#ifndef BENCH_REPLY_H
#define BENCH_REPLY_H

#include "net.h"

#define HEAD_LIMIT_BYTES 4096

enum framing { LENGTH, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER, UNTIL_CLOSE };
enum progress { REPLY_PARTIAL, REPLY_WHOLE, REPLY_BROKEN };

struct reply {
  enum framing framing;
  int status;
  bool in_body, is_last;  // is_last: the server closes after this reply
  uint64_t left;          // body or chunk bytes still to come
  size_t digits;          // hexadecimal digits of the chunk size read so far
  char head[HEAD_LIMIT_BYTES];
  size_t head_length;
};

typedef void take_body_t(void *owner, const char *data, size_t length);

static void start_reply(struct reply *reply) {
  reply->in_body = reply->is_last = false;
  reply->status = 0;
  reply->head_length = 0;
}

static size_t shorter(uint64_t a, size_t b) { return a < b ? (size_t)a : b; }

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Steps over the rest of a line; at its end the framing moves on, and `done` is set after the last empty line.
static size_t step_line(struct reply *reply, const char *data, size_t length, bool *done) {
  const char *line_end = memchr(data, '\n', length);
  if (!line_end) return length;
  size_t used = (size_t)(line_end + 1 - data);
  if (reply->framing == TRAILER) {
    *done = used <= 2;
  } else if (reply->framing == CHUNK_END) {
    reply->framing = CHUNK_SIZE;
    reply->left = reply->digits = 0;
  } else {
    reply->framing = reply->left ? CHUNK_DATA : TRAILER;
  }
  return used;
}

// One step through a chunked body; returns how many bytes it used.
static size_t step_chunked(struct reply *reply, const char *data, size_t length, take_body_t *take_body, void *owner, bool *done) {
  if (reply->framing == CHUNK_DATA) {
    size_t used = shorter(reply->left, length);
    take_body(owner, data, used);
    reply->left -= used;
    if (!reply->left) reply->framing = CHUNK_END;
    return used;
  }
  if (reply->framing == CHUNK_SIZE) {
    int digit = hex_digit(*data);
    if (digit >= 0 && reply->digits < 9) {
      reply->left = reply->left * 16 + (uint64_t)digit;
      reply->digits++;
      return 1;
    }
    reply->digits = 9;  // the rest of the line is an extension
  }
  return step_line(reply, data, length, done);
}

static bool read_body(struct reply *reply, const char *data, size_t length, take_body_t *take_body, void *owner) {
  size_t at = 0;
  bool done = false;
  while (at < length && !done) {
    if (reply->framing == LENGTH || reply->framing == UNTIL_CLOSE) {
      size_t used = reply->framing == LENGTH ? shorter(reply->left, length - at) : length - at;
      take_body(owner, data + at, used);
      at += used;
      if (reply->framing == LENGTH && !(reply->left -= used)) done = true;
    } else {
      at += step_chunked(reply, data + at, length - at, take_body, owner, &done);
    }
  }
  return done;
}

// Chooses the framing; true when the reply has no body.
static bool start_body(struct reply *reply) {
  const char *length = find_header(reply->head, reply->head_length, "content-length");
  sscanf(reply->head, "HTTP/1.%*d %d", &reply->status);
  reply->in_body = true;
  reply->is_last = header_has(find_header(reply->head, reply->head_length, "connection"), "close");
  reply->left = reply->digits = 0;
  if (header_has(find_header(reply->head, reply->head_length, "transfer-encoding"), "chunked")) {
    reply->framing = CHUNK_SIZE;
  } else if (length) {
    reply->framing = LENGTH;
    reply->left = strtoull(length, NULL, 10);
    return reply->left == 0;
  } else {
    reply->framing = UNTIL_CLOSE;
  }
  return false;
}

// Takes what one read brought. A reply is never followed by bytes of another here: nothing is pipelined.
static enum progress read_reply(struct reply *reply, const char *data, size_t length, take_body_t *take_body, void *owner) {
  size_t at = 0;
  if (!reply->in_body) {
    size_t before = reply->head_length, from = before > 3 ? before - 3 : 0;
    size_t copied = shorter(length, HEAD_LIMIT_BYTES - 1 - before);
    memcpy(reply->head + before, data, copied);
    reply->head_length += copied;
    reply->head[reply->head_length] = 0;
    char *end = memmem(reply->head + from, reply->head_length - from, "\r\n\r\n", 4);
    if (!end) return reply->head_length == HEAD_LIMIT_BYTES - 1 ? REPLY_BROKEN : REPLY_PARTIAL;
    reply->head_length = (size_t)(end + 4 - reply->head);
    if (start_body(reply)) return REPLY_WHOLE;
    at = reply->head_length - before;
  }
  return read_body(reply, data + at, length - at, take_body, owner) ? REPLY_WHOLE : REPLY_PARTIAL;
}

#endif
