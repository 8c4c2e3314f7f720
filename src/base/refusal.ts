/**
 * Refusals: what Turnpike itself says no to. One row per code; the HTTP status and the words every format
 * needs hang on the row. `docs/reference/refusals.md` is held equal to this table by a test.
 */

import { peopleRefusals } from './refusal-people.ts';
import type { RefusalRow } from './refusal-row.ts';

export type { RefusalKind, RefusalRow } from './refusal-row.ts';

export const refusals = {
  body_not_json: { status: 400, kind: 'invalid-request', fix: 'Send a JSON object as the request body.' },
  body_invalid: { status: 400, kind: 'invalid-request', fix: 'Correct the field the message names.' },
  body_too_deep: { status: 400, kind: 'invalid-request', fix: 'Nest the JSON less deeply.' },
  body_too_large: { status: 413, kind: 'too-large', fix: 'Send a smaller body or raise limits.body_bytes.' },
  body_timeout: { status: 408, kind: 'timeout', fix: 'Send the whole body without pauses.' },
  content_encoding_unsupported: {
    status: 415,
    kind: 'invalid-request',
    fix: 'Send the body plain or with content-encoding gzip, deflate, br or, where Node has it, zstd.',
  },
  model_missing: { status: 400, kind: 'invalid-request', fix: 'Name a model in the field `model`.' },
  model_unknown: {
    status: 404,
    kind: 'not-found',
    fix: 'Use provider/model, an alias or a route; GET /v1/models lists what is there.',
  },
  route_empty: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Ask for what the route\u2019s members have, or loosen its `require` (`turnpike explain … --dry-run` tells more).',
  },
  upstream_limited: {
    status: 429,
    kind: 'rate-limit',
    fix: 'Wait as long as the message says, or add a credential, or a model to fall back to.',
  },
  deployment_unavailable: {
    status: 503,
    kind: 'overloaded',
    fix: 'Retry shortly; `turnpike health` shows what is out of use, and why.',
  },
  provider_missing: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Name a provider, or one of its models, in the header x-turnpike-model.',
  },
  path_unknown: { status: 404, kind: 'not-found', fix: 'See docs/reference/http.md for the paths.' },
  method_not_allowed: { status: 405, kind: 'invalid-request', fix: 'Use the method the Allow header names.' },
  key_missing: {
    status: 401,
    kind: 'authentication',
    fix: 'Send a Turnpike key (tp-…) as bearer token or x-api-key.',
  },
  key_unknown: { status: 401, kind: 'authentication', fix: 'Make a key with `turnpike keys create`.' },
  key_conflict: {
    status: 400,
    kind: 'authentication',
    fix: 'Send one key; several different ones were found.',
  },
  state_not_portable: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Send the whole conversation, or name a model of the provider that keeps this state.',
  },
  response_unknown: {
    status: 404,
    kind: 'not-found',
    fix: 'Ask for it within an hour, with the key that it was made with; a restart ends it sooner.',
  },
  context_too_long: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Shorten the conversation, or use a model with a larger context window.',
  },
  model_not_allowed: {
    status: 403,
    kind: 'permission',
    fix: 'Use a model this key may use, or widen the key.',
  },
  format_not_allowed: {
    status: 403,
    kind: 'permission',
    fix: 'Use a call this key may be used for, or widen the key (`turnpike keys update`).',
  },
  address_not_allowed: {
    status: 403,
    kind: 'permission',
    fix: 'Call from an address of its ranges; behind a proxy, name it in trusted_proxies.',
  },
  translation_impossible: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Use a model whose provider speaks the client format.',
  },
  translation_lossy: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Remove what cannot be carried, or drop x-turnpike-strict.',
  },
  operation_unsupported: {
    status: 400,
    kind: 'invalid-request',
    fix: 'This model\u2019s provider has no such operation.',
  },
  budget_exceeded: {
    status: 429,
    kind: 'budget',
    fix: 'Wait for the time the message names, ask for less, or raise the budget.',
  },
  cost_above_limit: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Ask for less output, use a cheaper model, or raise x-turnpike-max-cost-usd.',
  },
  price_unknown: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Give the model a price (`turnpike prices set`), or use one that has one.',
  },
  cost_unbounded: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Leave out what is kept or read elsewhere, use a model whose context window is known, or a key that no hard budget counts.',
  },
  rate_limited: {
    status: 429,
    kind: 'rate-limit',
    fix: 'Wait as long as the message says, or raise the limit (`turnpike limits set`).',
  },
  ledger_unavailable: {
    status: 503,
    kind: 'overloaded',
    fix: 'The ledger cannot record; see GET /ready. Retry shortly.',
  },
  shutting_down: { status: 503, kind: 'overloaded', fix: 'Retry; this process is draining.' },
  overloaded: { status: 503, kind: 'overloaded', fix: 'Retry shortly or raise limits.exchanges.' },
  credential_missing: {
    status: 503,
    kind: 'upstream',
    fix: 'Give the provider a key (environment, turnpike.yaml or `turnpike credentials set`).',
  },
  credential_unusable: {
    status: 502,
    kind: 'upstream',
    fix: 'Check the credential of the provider: `turnpike credentials test` tries it.',
  },
  upstream_unreachable: {
    status: 502,
    kind: 'upstream',
    fix: 'Check the provider\u2019s base_url and network.',
  },
  upstream_timeout: { status: 504, kind: 'timeout', fix: 'Retry, or raise the timeout the message names.' },
  upstream_truncated: { status: 502, kind: 'upstream', fix: 'Retry; the provider cut its answer.' },
  upstream_invalid: {
    status: 502,
    kind: 'upstream',
    fix: 'The provider answered with something that is not its format.',
  },
  operator_token_missing: {
    status: 401,
    kind: 'authentication',
    fix: 'Send the operator token (tpo-\u2026) as bearer token; the first start kept it in client.json.',
  },
  operator_token_unknown: {
    status: 401,
    kind: 'authentication',
    fix: 'Use the operator token of this installation, from client.json in its data folder.',
  },
  workspace_fixed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Suspend or delete another workspace; this one goes with the installation.',
  },
  owner_last: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Make another member owner first.',
  },
  query_invalid: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Correct the query parameter the message names.',
  },
  read_limit: {
    status: 503,
    kind: 'overloaded',
    fix: 'Ask for a shorter stretch of time, or again in a moment.',
  },
  bill_source_missing: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Give the provider an admin_key; see docs/guide/reconciliation.md.',
  },
  reconciliation_running: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Wait for the run that goes on, then ask again.',
  },
  proposal_decided: {
    status: 409,
    kind: 'invalid-request',
    fix: 'List the open proposals; a new reconciliation replaces those of its days.',
  },
  budget_fixed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Change it where it is declared and start again; an archived one is made anew.',
  },
  price_fixed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Change it where it is declared and start again.',
  },
  price_list_missing: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Name one under prices.refresh in turnpike.yaml and start again.',
  },
  price_list_unusable: {
    status: 502,
    kind: 'upstream',
    fix: 'Correct what the message names; the last good list stays in use.',
  },
  config_not_taken: {
    status: 422,
    kind: 'invalid-request',
    fix: 'Correct what the message names; the last good state serves on.',
  },
  rerate_running: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Wait for the run that goes on, then ask again.',
  },
  rate_limit_fixed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Change it where it is declared and start again.',
  },
  database_unavailable: {
    status: 503,
    kind: 'overloaded',
    fix: 'Free its disk, wait for who has locked it, or start its server; `turnpike doctor` looks.',
  },
  credential_not_proven: {
    status: 422,
    kind: 'invalid-request',
    fix: 'Correct it, or save it all the same with `isForced` (`turnpike credentials set --force`).',
  },
  key_ended: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Make a new key; one that has expired may be given a later end first.',
  },
  key_limit: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Revoke keys that are used no more.',
  },
  key_not_rotated: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Use the token of the other rotation, or wait until an old token has ended.',
  },
  vault_closed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Put back the master key of the vault (TURNPIKE_MASTER_KEY, or master.key in the data folder) and start again.',
  },
  idempotency_key_invalid: {
    status: 400,
    kind: 'invalid-request',
    fix: 'Send 1 to 255 printable ASCII characters, such as a UUID.',
  },
  idempotency_key_reused: {
    status: 422,
    kind: 'invalid-request',
    fix: 'Use a new Idempotency-Key for each request; the same one only to ask the same again.',
  },
  idempotency_running: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Ask again in a moment: the first request with this key is not answered yet.',
  },
  idempotency_answer_lost: {
    status: 409,
    kind: 'invalid-request',
    fix: 'It was carried out: look at the record. To do it once more, use a new Idempotency-Key.',
  },
  idempotency_full: {
    status: 429,
    kind: 'rate-limit',
    fix: 'Leave the header out where a repeat does no harm; keys are forgotten after a day.',
  },
  live_full: {
    status: 503,
    kind: 'overloaded',
    fix: 'Close other listeners of this workspace, or read the lists instead.',
  },
  egress_refused: {
    status: 422,
    kind: 'invalid-request',
    fix: 'Name an address of the public internet, or let an operator allow its host and port under egress.allow in turnpike.yaml (it counts from the next start).',
  },
  name_fixed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Choose another name, or change it where it is declared.',
  },
  provider_holds_credentials: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Remove its credentials first (`turnpike credentials remove`): they were given for the address it has now.',
  },
  upstream_redirect: {
    status: 502,
    kind: 'upstream',
    fix: 'Give the provider the base_url that it redirects to, if you trust that one.',
  },
  vault_refused: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Do what the message says first; docs/guide/vault.md has it step by step.',
  },
  recovery_key_wrong: {
    status: 422,
    kind: 'invalid-request',
    fix: 'Read the recovery key (TPR1-\u2026) again from where it was written down, and compare its fingerprint.',
  },
  agent_fixed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Make an agent of that name (`turnpike agents create`): it comes before a file, and after an archived one.',
  },
  agents_full: {
    status: 409,
    kind: 'invalid-request',
    fix: 'End or cancel tasks that nobody works on; archive agents that are not used.',
  },
  task_fixed: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Report a new task: what has ended stays as it is, and nothing goes back.',
  },
  ...peopleRefusals,
  record_unknown: { status: 404, kind: 'not-found', fix: 'List the records; their ids are shown there.' },
  internal: {
    status: 500,
    kind: 'internal',
    fix: 'This is a bug in Turnpike; report it with the exchange id.',
  },
} as const satisfies Record<string, RefusalRow>;

export type RefusalCode = keyof typeof refusals;

/** A refusal as a value: `code` decides status and kind; `message` says what was wrong in this request. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly param?: string;
  readonly retryAfterS?: number;
}

export function refuse(
  code: RefusalCode,
  message: string,
  more: Omit<Refusal, 'code' | 'message'> = {},
): Refusal {
  return { code, message, ...more };
}
