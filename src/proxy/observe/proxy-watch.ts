import type { ProxyConfig } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { Observer } from './observer.ts';
import type { Taps } from './taps.ts';

/** Who is told of what one proxy does. Its listeners look here at the end of each request, so that a change holds from the next one on. */
export class ProxyWatch {
  /** Of the proxy. */
  readonly id: string;
  /** What the proxy stands for. */
  readonly service: string;
  readonly taps: Taps;

  constructor(env: Environment, { id, service }: ProxyConfig) {
    this.id = id;
    this.service = service;
    this.taps = env.taps;
  }

  inbound(): Observer {
    return new Observer(this, 'inbound', this.service);
  }

  outbound(upstream: string): Observer {
    return new Observer(this, 'outbound', upstream);
  }
}
