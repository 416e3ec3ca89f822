import type { Log } from '../../base/ports.ts';
import type { RequestHead } from '../http1/request.ts';
import type { RequestEdits } from '../http1/write.ts';
import type { Limits } from '../limits.ts';
import type { ListenerStats } from '../stats.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Refusal } from './respond.ts';

/** What a listener does with HTTP requests. Asked anew for each one, so that a change of configuration holds from the next request on. */
export interface HttpService {
  /** For logs: `web/outbound/payments`. */
  readonly name: string;
  readonly log: Log;
  readonly limits: Limits;
  readonly stats: ListenerStats;
  /** A client that ends its side after its last request gets the answers all the same. */
  readonly halfClose?: true;
  /** False once the listener has gone or speaks another protocol: connections finish their request and close. */
  open(): boolean;
  plan(head: RequestHead): HttpPlan | Refusal;
}

export interface HttpPlan {
  readonly target: HttpTarget;
  readonly edits: RequestEdits;
}

/** Where one request goes; the endpoint is chosen by the first call. */
export interface HttpTarget {
  /** For logs and reasons: the service. */
  readonly name: string;
  /** An idle connection, if there is one. */
  take(): ClientConnection | undefined;
  /** A new connection; tries other endpoints when one can't be reached. Rejects with a DialError or NoEndpointError. */
  dial(): Promise<ClientConnection>;
}
