/** Why a message is refused: the status that a client gets for it, and one line for the log and `x-mesh-reason`. A value, never thrown. */
export class HttpFault {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    this.status = status;
    this.reason = reason;
  }
}
