// The fixed answers of the fake upstream, built once at the start: OpenAI's and Anthropic's here, other formats' from files.
#ifndef BENCH_ANSWERS_H
#define BENCH_ANSWERS_H

#include "net.h"

#define BURST_EVENTS 200
#define EVENT_BYTES 1024

enum shape { OPENAI, ANTHROPIC, RESPONSES, GEMINI, OLLAMA, SHAPES };

struct text {
  char *bytes;
  size_t length;
};

static struct text unary_reply[SHAPES], burst_reply[SHAPES], paced_head, stream_start[2], stream_end[2], text_event[2];
static size_t stamp_offset[2];
static const char *OPENAI_UNARY =
    "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"bench-model\",\"choices\":[{\"index\":0,"
    "\"message\":{\"role\":\"assistant\",\"content\":\"%s\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
    "\"usage\":{\"prompt_tokens\":220,\"completion_tokens\":96,\"total_tokens\":316,\"prompt_tokens_details\":{\"cached_tokens\":128,\"audio_tokens\":0},"
    "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}},\"service_tier\":\"default\",\"system_fingerprint\":\"fp_bench\"}";
static const char *ANTHROPIC_UNARY =
    "{\"id\":\"msg_bench\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"bench-model\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}],"
    "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":92,\"cache_creation_input_tokens\":0,"
    "\"cache_read_input_tokens\":128,\"output_tokens\":96,\"service_tier\":\"standard\"}}";

static void append(struct text *text, const char *bytes, size_t length) {
  text->bytes = grow(text->bytes, text->length + length + 1);
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}

// One HTTP chunk for each event, as providers send them.
static void append_event(struct text *text, const char *name, const char *data) {
  char event[EVENT_BYTES], size[32];
  int length = name ? snprintf(event, sizeof event, "event: %s\ndata: %s\n\n", name, data)
                    : snprintf(event, sizeof event, "data: %s\n\n", data);
  int digits = snprintf(size, sizeof size, "%x\r\n", length);
  append(text, size, (size_t)digits);
  append(text, event, (size_t)length);
  append(text, "\r\n", 2);
}

static void append_openai_chunk(struct text *text, const char *choices, const char *rest) {
  char data[EVENT_BYTES];
  snprintf(data, sizeof data,
           "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"bench-model\","
           "\"system_fingerprint\":\"fp_bench\",\"choices\":[%s]%s}",
           choices, rest);
  append_event(text, NULL, data);
}

static void build_openai_stream(void) {
  struct text *start = &stream_start[OPENAI], *event = &text_event[OPENAI], *end = &stream_end[OPENAI];
  append_openai_chunk(start, "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}", "");
  append_openai_chunk(event, "{\"index\":0,\"delta\":{\"content\":\"@0000000000000000@ word\"},\"logprobs\":null,\"finish_reason\":null}", "");
  append_openai_chunk(end, "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}", "");
  append_openai_chunk(end, "",
                      ",\"usage\":{\"prompt_tokens\":220,\"completion_tokens\":200,\"total_tokens\":420,"
                      "\"prompt_tokens_details\":{\"cached_tokens\":128},\"completion_tokens_details\":{\"reasoning_tokens\":0}}");
  append_event(end, NULL, "[DONE]");
}

static void build_anthropic_stream(void) {
  struct text *start = &stream_start[ANTHROPIC], *event = &text_event[ANTHROPIC], *end = &stream_end[ANTHROPIC];
  append_event(start, "message_start",
               "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_bench\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"bench-model\","
               "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":92,\"cache_creation_input_tokens\":0,"
               "\"cache_read_input_tokens\":128,\"output_tokens\":1}}}");
  append_event(start, "content_block_start",
               "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
  append_event(event, "content_block_delta",
               "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"@0000000000000000@ word\"}}");
  append_event(end, "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
  append_event(end, "message_delta",
               "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":200}}");
  append_event(end, "message_stop", "{\"type\":\"message_stop\"}");
}

// A whole HTTP reply, bytes as they go out; a file that is absent leaves what is built in.
static void load_reply(struct text *reply, const char *folder, const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) return;
  *reply = (struct text){0};
  char bytes[65536];
  for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;) append(reply, bytes, got);
  fclose(file);
}

static void load_replies(const char *folder) {
  static const char *names[SHAPES] = {"openai-chat", "anthropic-messages", "openai-responses", "gemini-generate", "ollama-chat"};
  for (int shape = 0; shape < SHAPES; shape++) {
    char name[64];
    snprintf(name, sizeof name, "%s-unary", names[shape]);
    load_reply(&unary_reply[shape], folder, name);
    snprintf(name, sizeof name, "%s-burst", names[shape]);
    load_reply(&burst_reply[shape], folder, name);
  }
}

static void build_replies(void) {
  const char *streaming =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\nrequest-id: req_bench\r\n"
      "transfer-encoding: chunked\r\n\r\n";
  char prose[601];
  for (size_t i = 0; i < sizeof prose - 1; i++) prose[i] = "the reply goes on "[i % 18];
  prose[sizeof prose - 1] = 0;
  append(&paced_head, streaming, strlen(streaming));
  build_openai_stream();
  build_anthropic_stream();
  for (int shape = OPENAI; shape <= ANTHROPIC; shape++) {
    char body[4096], head[256];
    int length = snprintf(body, sizeof body, shape == OPENAI ? OPENAI_UNARY : ANTHROPIC_UNARY, prose);
    int head_length = snprintf(head, sizeof head,
                               "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: req_bench\r\ncontent-length: %d\r\n\r\n", length);
    append(&unary_reply[shape], head, (size_t)head_length);
    append(&unary_reply[shape], body, (size_t)length);
    append(&burst_reply[shape], paced_head.bytes, paced_head.length);
    append(&burst_reply[shape], stream_start[shape].bytes, stream_start[shape].length);
    for (int i = 0; i < BURST_EVENTS; i++) append(&burst_reply[shape], text_event[shape].bytes, text_event[shape].length);
    append(&burst_reply[shape], stream_end[shape].bytes, stream_end[shape].length);
    append(&burst_reply[shape], "0\r\n\r\n", 5);
    stamp_offset[shape] = (size_t)(strchr(text_event[shape].bytes, '@') + 1 - text_event[shape].bytes);
  }
}

#endif
