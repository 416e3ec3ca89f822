import type { Server } from 'node:net';
import { messageOf } from '../base/errors.ts';
import type { SocketAddress } from '../compile/proxy-config.ts';
import { type Bind, bindKey } from './binds.ts';
import { type Acceptor, Listener } from './socket/listener.ts';

/** Gives up a server that listens already, at an address that was reserved in this way. */
export type HeldAddresses = (at: SocketAddress) => Server | undefined;

interface Bound {
  readonly bind: Bind;
  readonly listener: Listener;
}

/** All bound addresses of a data plane. An address keeps its socket as long as anything wants it. */
export class Listeners {
  #bound = new Map<string, Bound>();
  readonly #held: HeldAddresses;

  constructor(held: HeldAddresses = () => undefined) {
    this.#held = held;
  }

  /** Binds what is missing; touches nothing that serves. Returns errors by owner. What could not be bound is tried again next time. */
  async bind(wanted: readonly Bind[]): Promise<Record<string, string>> {
    const errors: Record<string, string> = {};
    const first = new Map<string, Bind>();
    for (const bind of wanted) {
      const other = first.get(bindKey(bind));
      if (!other) first.set(bindKey(bind), bind);
      else if (bind.required) addError(errors, bind, `${bind.at.address}:${bind.at.port} is taken by ${other.name}`);
    }
    const missing = [...first].filter(([key]) => !this.#bound.has(key));
    await Promise.all(
      missing.map(async ([key, bind]) => {
        try {
          this.#bound.set(key, { bind, listener: await Listener.bind(bind.at, this.#held(bind.at)) });
        } catch (error) {
          if (bind.required) addError(errors, bind, messageOf(error));
        }
      }),
    );
    return errors;
  }

  /** Points each address at its new owner and gives back those that nobody wants; one tick, so no connection sees half of it. */
  commit(wanted: readonly Bind[], acceptorOf: (bind: Bind) => Acceptor | undefined): void {
    const before = this.#bound;
    this.#bound = new Map();
    for (const bind of wanted) {
      const key = bindKey(bind);
      const bound = before.get(key);
      const acceptor = acceptorOf(bind);
      if (!bound || !acceptor || this.#bound.has(key)) continue;
      bound.listener.point(acceptor);
      this.#bound.set(key, { bind, listener: bound.listener });
    }
    for (const [key, { listener }] of before) if (!this.#bound.has(key)) listener.close();
  }

  /** Whoever has it. */
  isBound(bind: Bind): boolean {
    return this.#bound.has(bindKey(bind));
  }

  /** Bound, and for nothing else at the same address. */
  isHeldBy(bind: Bind): boolean {
    return this.#bound.get(bindKey(bind))?.bind.name === bind.name;
  }

  /** Gives all ports back. */
  closeAll(): void {
    for (const { listener } of this.#bound.values()) listener.close();
    this.#bound.clear();
  }

  addresses(): Record<string, SocketAddress> {
    return Object.fromEntries([...this.#bound.values()].map(({ bind, listener }) => [bind.name, listener.address]));
  }
}

function addError(errors: Record<string, string>, bind: Bind, text: string): void {
  const earlier = errors[bind.owner];
  errors[bind.owner] = earlier === undefined ? text : `${earlier}; ${text}`;
}
