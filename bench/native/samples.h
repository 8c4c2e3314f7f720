// Every latency of a round is kept, so that percentiles are exact and not read off a histogram.
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include "net.h"

struct samples {
  uint32_t *values;
  size_t count, capacity;
};

static void record(struct samples *samples, int64_t value_us) {
  if (samples->count == samples->capacity) {
    samples->capacity = samples->capacity ? samples->capacity * 2 : 65536;
    samples->values = grow(samples->values, samples->capacity * sizeof(uint32_t));
  }
  samples->values[samples->count++] = value_us < 0 ? 0 : value_us > UINT32_MAX ? UINT32_MAX : (uint32_t)value_us;
}

static int compare(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return left < right ? -1 : left > right;
}

static void print_percentiles(const char *prefix, struct samples *samples) {
  static const struct { const char *name; double share; } points[] = {{"p50", .5}, {"p90", .9}, {"p95", .95}, {"p99", .99}, {"max", 1}};
  if (samples->count) qsort(samples->values, samples->count, sizeof(uint32_t), compare);
  for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
    size_t at = samples->count ? (size_t)(points[i].share * (double)(samples->count - 1)) : 0;
    printf(",\"%s%s_us\":%u", prefix, points[i].name, samples->count ? samples->values[at] : 0);
  }
}

#endif
