/** What an upstream can do to us, as a value: it decides retry, fallback, charge and the client's error. */

export type FailureKind =
  /** Nothing was sent: DNS, refused, TLS, connect timeout. Costs nothing. */
  | 'connect'
  /** Sent, but no response head or first byte in time. */
  | 'first-byte-timeout'
  | 'idle-timeout'
  /** Bytes came in time, and nothing of use in them for long. */
  | 'content-timeout'
  | 'total-timeout'
  /** The socket broke after the request was sent. */
  | 'cut'
  /** The peer does not speak HTTP, or a header or frame is over its limit. */
  | 'protocol'
  /** The upstream answered with an error status. */
  | 'status';

export interface Failure {
  readonly kind: FailureKind;
  /** System code such as ECONNREFUSED, or the status as text. */
  readonly code: string;
  /** One sentence, without secrets. */
  readonly message: string;
  /** The request, or part of it, may have reached the upstream. */
  readonly wasSent: boolean;
  readonly status?: number;
}
