import type { ResponseFlag } from '../observe/response-flag.ts';

/** Why a message is refused: the status that a client gets for it, and one line for the log and `x-mesh-reason`. A value, never thrown. */
export class HttpFault {
  readonly status: number;
  readonly reason: string;
  /** Where the status doesn't say it: a 4xx is the client's fault, a 5xx the upstream's. */
  readonly flag: ResponseFlag | undefined;

  constructor(status: number, reason: string, flag?: ResponseFlag) {
    this.status = status;
    this.reason = reason;
    this.flag = flag;
  }
}
