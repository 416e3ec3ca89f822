import type { DiagnosticJson } from './diagnostic.ts';

/**
 * The closed table of user-facing errors. Everything a command can fail with is one of these; anything else that is
 * thrown is a bug (exit 70, with a stack). Exit codes: docs/ARCHITECTURE.md.
 */
export const ERRORS = {
  failed: { exit: 1, http: 500, meaning: 'the operation failed, or the answer is "no"' },
  usage: { exit: 2, http: 400, meaning: 'the command line is wrong' },
  invalid: { exit: 3, http: 400, meaning: 'the configuration is invalid; nothing was changed' },
  environment: { exit: 4, http: 503, meaning: 'this machine is in the way: a port is taken, the disk is full, a program is missing' },
  incomplete: { exit: 5, http: 500, meaning: 'the apply stopped half-way; what was done is saved and the next run goes on' },
  unreachable: { exit: 6, http: 503, meaning: 'the agent does not answer' },
  bug: { exit: 70, http: 500, meaning: 'a bug in mesh' },
  interrupted: { exit: 130, http: 499, meaning: 'stopped by Ctrl-C' },
  terminated: { exit: 143, http: 499, meaning: 'stopped by SIGTERM' },
} as const satisfies Record<string, { exit: number; http: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetails {
  /** The next command to type, or what to change. */
  hint?: string;
  /** Positioned problems behind this error. */
  diagnostics?: readonly DiagnosticJson[];
  cause?: unknown;
}

/** An error that is the user's, the machine's or the peer's: shown without a stack. */
export class MeshError extends Error {
  override readonly name = 'MeshError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly diagnostics: readonly DiagnosticJson[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.diagnostics = details.diagnostics ?? [];
  }
}

/** The form in which an error crosses the agent's private socket and `--json` output. */
export interface ErrorJson {
  code: ErrorCode;
  message: string;
  hint?: string;
  diagnostics?: readonly DiagnosticJson[];
  stack?: string;
}

export function errorToJson(error: unknown): ErrorJson {
  if (error instanceof MeshError) {
    const json: ErrorJson = { code: error.code, message: error.message };
    if (error.hint !== undefined) json.hint = error.hint;
    if (error.diagnostics.length > 0) json.diagnostics = error.diagnostics;
    return json;
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  return { code: 'bug', message: bug.message, ...(bug.stack === undefined ? {} : { stack: bug.stack }) };
}

export function errorFromJson(json: ErrorJson): MeshError {
  return new MeshError(json.code, json.message, {
    ...(json.hint === undefined ? {} : { hint: json.hint }),
    ...(json.diagnostics === undefined ? {} : { diagnostics: json.diagnostics }),
    ...(json.stack === undefined ? {} : { cause: json.stack }),
  });
}

/** The `code` of a Node system error (`ENOENT`, `EADDRINUSE`, …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
