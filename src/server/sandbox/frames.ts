/** How the server and its sandbox talk: one byte that says what it is, four that hold a number, and for texts so many bytes. */
import { z } from 'zod';
import type { ModuleSnapshot } from '../../config/module-snapshot.ts';
import type { Envelope, PolicyReport, SandboxPlan } from '../../engine/sandboxed.ts';
import type { Settings } from '../../engine/settings.ts';

/** What the sandbox loads before it is asked anything. */
export interface SandboxSetup {
  readonly folders: readonly string[];
  readonly settings: Settings;
  /** Ids of the policies that ship with daygate; none where somebody has looked already that none is taken. */
  readonly builtIn: readonly string[];
  /** What an earlier process has loaded: the next one loads just that. */
  readonly modules?: ModuleSnapshot | undefined;
}

/** What the sandbox is asked; the body of the call follows, for it holds the objects. */
export interface Question {
  readonly plan: SandboxPlan;
  readonly review: Envelope;
}

const findingSchema = z.array(
  z.object({
    message: z.string(),
    at: z.array(z.union([z.string(), z.number()])),
    data: z.record(z.string(), z.unknown()),
    secret: z.string().exactOptional(),
  }),
);
/** The text of a report. */
export const reportSchema: z.ZodType<PolicyReport> = z.object({
  policy: z.string(),
  findings: findingSchema,
  before: findingSchema,
  errors: z.array(z.string()),
  skipped: z.array(z.string()),
});

export const kinds = {
  /** To the sandbox: its setup, a question, the body that belongs to the question. */
  setup: 1,
  question: 2,
  body: 3,
  /** From the sandbox: it can be asked; it cannot, and why. */
  ready: 4,
  unusable: 5,
  /** It begins with the policy at this position of the plan. */
  begun: 6,
  /** A policy had something to say. */
  report: 7,
  /** All policies of the plan have been asked. */
  done: 8,
  /** It loads this file; all are loaded, and what is known of them. */
  loading: 9,
  loaded: 10,
} as const;

export type FrameKind = (typeof kinds)[keyof typeof kinds];

export interface Frame {
  readonly kind: FrameKind;
  /** The number, or the length of the text. */
  readonly number: number;
  readonly text: Buffer;
}

export const headLength = 5;
const withText: ReadonlySet<FrameKind> = new Set([
  kinds.setup,
  kinds.question,
  kinds.body,
  kinds.unusable,
  kinds.report,
  kinds.loading,
  kinds.loaded,
]);
const noText = Buffer.alloc(0);

export function numberFrame(kind: FrameKind, number = 0): Buffer {
  const frame = Buffer.allocUnsafe(headLength);
  frame.writeUInt8(kind, 0);
  frame.writeUInt32LE(number, 1);
  return frame;
}

export function textFrame(kind: FrameKind, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([numberFrame(kind, bytes.length), bytes]);
}

/** Reads the head of a frame: its kind, and how many bytes of text follow. */
export function readHead(bytes: Buffer): { kind: FrameKind; number: number; textLength: number } {
  const kind = bytes.readUInt8(0) as FrameKind;
  const number = bytes.readUInt32LE(1);
  return { kind, number, textLength: withText.has(kind) ? number : 0 };
}

/** Puts frames together from chunks as they arrive; chunks of one that is not complete are joined once. */
export function frameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let length = 0;
  let needed = headLength;
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < needed) return;
    let left = chunks.length === 1 ? chunk : Buffer.concat(chunks, length);
    needed = headLength;
    while (left.length >= headLength) {
      const { kind, number, textLength } = readHead(left);
      const end = headLength + textLength;
      if (left.length < end) {
        needed = end;
        break;
      }
      const text = textLength === 0 ? noText : left.subarray(headLength, end);
      left = left.subarray(end);
      onFrame({ kind, number, text });
    }
    chunks = [left];
    length = left.length;
  };
}
