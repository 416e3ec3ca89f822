import type { Endpoint } from '../../compile/proxy-config.ts';
import type { Pool } from '../http/pool.ts';
import { HEALTHY, type OutlierState } from './ejection.ts';

/** One endpoint of a cluster at work. It outlives changes of the configuration that leave its address alone. */
export class Host {
  endpoint: Endpoint;
  readonly pool: Pool;
  /** Requests and byte pipes that are under way here. */
  active = 0;
  /** Of weighted turns: see `nextByCredit`. */
  credit = 0;
  /** Of equal turns: tells which of two had its turn later; 0: it had none. */
  lastTurn = 0;
  outlier: OutlierState = HEALTHY;
  /** Passed over, for it has failed too often; `outlier` says until when. */
  ejected = false;
  /** Peak of the time to an answer, which fades, in milliseconds; of `peak_ewma` alone. */
  latencyMs = 0;
  /** When that was last brought up to date, in milliseconds of `performance.now()`. */
  latencyAt = 0;

  constructor(endpoint: Endpoint, pool: Pool) {
    this.endpoint = endpoint;
    this.pool = pool;
  }

  get weight(): number {
    return Math.max(1, this.endpoint.weight);
  }
}
