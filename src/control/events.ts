import type { Random } from '../base/ports.ts';
import { compileRe2, type Re2 } from '../base/re2.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import type { ChangeKey } from '../catalog/types.ts';

/** One that was fired with `/v1/event/fire`. Fields as in Consul's JSON. */
export interface UserEvent {
  readonly ID: string;
  readonly Name: string;
  /** Base64; null when there is none. */
  readonly Payload: string | null;
  /** Expressions of RE2: the nodes, and the services and their tags, that are to receive it. Empty: all. */
  readonly NodeFilter: string;
  readonly ServiceFilter: string;
  readonly TagFilter: string;
  readonly Version: 1;
  /** Counts the events of a datacenter. 0: it has not been received yet. */
  readonly LTime: number;
}

export type FiredEvent = Pick<UserEvent, 'Name' | 'Payload' | 'NodeFilter' | 'ServiceFilter' | 'TagFilter'>;

/** An event that can't be fired. The message is Consul's. */
export class EventRefused extends Error {}

/** How many events are remembered, as in Consul's agents. */
const CAPACITY = 256;
/** Serf's limit of a message, and what of it is not payload: measured with Consul 1.8.7. */
const MAX_BYTES = 512;
const OVERHEAD_BYTES = 96;

/** User events, by datacenter. They are told, not stored: nothing of them is left after a restart. */
export class UserEvents {
  readonly #byDatacenter = new Map<string, { received: UserEvent[]; clock: number }>();
  readonly #random: Random;
  readonly #publish: (changed: readonly ChangeKey[]) => void;

  constructor(random: Random, publish: (changed: readonly ChangeKey[]) => void) {
    this.#random = random;
    this.#publish = publish;
  }

  /** Throws EventRefused. This agent is that of all nodes: it receives what any of them would. */
  fire(snapshot: Snapshot, dc: string, fired: FiredEvent): UserEvent {
    const isMeant = audience(fired);
    refuseTooLarge(fired);
    const { Name, Payload, NodeFilter, ServiceFilter, TagFilter } = fired;
    const event: UserEvent = { ID: this.#random.uuid(), Name, Payload, NodeFilter, ServiceFilter, TagFilter, Version: 1, LTime: 0 };
    const events = this.#byDatacenter.get(dc) ?? { received: [], clock: 1 };
    this.#byDatacenter.set(dc, events);
    events.clock++;
    if (isMeant(snapshot, dc)) {
      events.received = [...events.received.slice(1 - CAPACITY), { ...event, LTime: events.clock }];
      this.#publish([eventsKey(dc)]);
    }
    return event;
  }

  /** The oldest first. */
  list(dc: string, name?: string): readonly UserEvent[] {
    const all = this.#byDatacenter.get(dc)?.received ?? [];
    return name === undefined ? all : all.filter((event) => event.Name === name);
  }
}

export const eventsKey = (dc: string): ChangeKey => `${dc}/event`;

function audience({ NodeFilter, ServiceFilter, TagFilter }: FiredEvent): (snapshot: Snapshot, dc: string) => boolean {
  if (TagFilter !== '' && ServiceFilter === '') throw new EventRefused('Cannot provide tag filter without service filter');
  const node = compile('node', NodeFilter);
  const service = compile('service', ServiceFilter);
  const tag = compile('tag', TagFilter);
  return (snapshot, dc) => {
    const { nodes, services } = datacenter(snapshot, dc);
    if (!service) return !node || Array.from(nodes.values()).some((row) => node.test(row.Node));
    return Array.from(services.values()).some(
      (row) => (!node || node.test(row.Node)) && service.test(row.Service) && (!tag || row.Tags.some((text) => tag.test(text))),
    );
  };
}

function compile(what: string, expression: string): Re2 | undefined {
  if (expression === '') return undefined;
  const compiled = compileRe2(expression);
  if (!compiled.ok) throw new EventRefused(`Invalid ${what} filter: ${compiled.error}`);
  return compiled.value;
}

function refuseTooLarge({ Name, Payload, NodeFilter, ServiceFilter, TagFilter }: FiredEvent): void {
  const filters = [NodeFilter, ServiceFilter, TagFilter].filter((text) => text !== '').map((text) => 4 + Buffer.byteLength(text));
  // The name stands in the message and in what it carries.
  const around = OVERHEAD_BYTES + 2 * Buffer.byteLength(Name) + filters.reduce((sum, bytes) => sum + bytes, 0);
  if (around + Buffer.byteLength(Payload ?? '', 'base64') <= MAX_BYTES) return;
  const why = `user event exceeds configured limit of ${MAX_BYTES} bytes before encoding`;
  throw new EventRefused(`1 error occurred:\n\t* error broadcasting event to segment "": ${why}\n\n`);
}
