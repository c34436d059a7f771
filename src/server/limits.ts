/** Bounds on what one call may ask for. */
export interface Limits {
  readonly bodyBytes: number;
  /** How much of small bodies may be in memory while they come in. */
  readonly receivedBytes: number;
  /** How much of large bodies may be in memory at once. */
  readonly bufferedBytes: number;
  readonly patchBytes: number;
  /** Reviews that may wait for policies of a team's own, and how long their bodies may be together. */
  readonly waitingReviews: number;
  readonly waitingBytes: number;
  /** How long policies of a team's own may take to be loaded. */
  readonly loadMs: number;
  /** For callers that state no time-out. */
  readonly deadlineMs: number;
  /** How long the handshake of a connection may take. */
  readonly handshakeMs: number;
  /** Connections that may be open at once. */
  readonly connections: number;
  /** After so long a connection is closed with its next answer. */
  readonly connectionMs: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: Limits = {
  // The API server takes request bodies of up to 3 MiB (MaxRequestBodyBytes), and a review may carry two such
  // objects, the new and the old one: 6 MiB, and 1 MiB for managed fields, user, options and JSON's escapes.
  bodyBytes: 7 * MiB,
  // 1,024 connections with 32 kB each that are not complete yet; most reviews have 5 to 20 kB and come in whole. What
  // Node.js keeps beside the bytes makes 100 MB of it at worst.
  receivedBytes: 32 * MiB,
  // Four of the largest, while the API server may have 200 changes under way (--max-mutating-requests-inflight). They are
  // judged one after the other anyhow, and each takes several times as much until its garbage is collected.
  bufferedBytes: 32 * MiB,
  // etcd takes objects of 1.5 MiB; a patch of a third of that is no fix any more.
  patchBytes: MiB / 2,
  // A policy that loops stops the others for half a second until it is quarantined; the API server has at most 200
  // changes under way (--max-mutating-requests-inflight), and bodies are some kB. Each waits with its object, which takes
  // as much again or more.
  waitingReviews: 256,
  waitingBytes: 32 * MiB,
  // It takes some tenths of a second; a machine that is starting up is busy.
  loadMs: 20_000,
  // timeoutSeconds of a webhook is 10 unless it says otherwise.
  deadlineMs: 9000,
  handshakeMs: 10_000,
  // An idle TLS connection takes 90 kB, so these are 95 MB. An API server opens one for each review that is under way at
  // once: five of them with 200 changes each come to this. One more, and that which was used least recently is closed.
  connections: 1024,
  // API servers stay with a connection for as long as it lasts, and so with one replica. Ten minutes spread them
  // again after a replica was added, at a handshake (2 ms) per connection.
  connectionMs: 10 * 60_000,
};
