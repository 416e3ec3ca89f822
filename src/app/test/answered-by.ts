import { StepFailure } from './failure.ts';
import type { HttpAnswer } from './http.ts';
import type { World } from './world.ts';

/** An instance of a service as Consul's API lists it, as far as it can be told by. */
interface Listed {
  readonly Node: { readonly Node: string };
  readonly Service: {
    readonly ID: string;
    readonly Address: string;
    readonly Meta?: Readonly<Record<string, string>>;
    readonly TaggedAddresses?: Readonly<Record<string, { readonly Address: string }>>;
  };
}

/** What an answer says of who gave it: fake-service names itself and its addresses, as the blueprint has them. */
interface Signature {
  readonly name: string | undefined;
  readonly body: string | undefined;
  readonly addresses: readonly string[];
}

/**
 * By what a user names one of several instances: a subset of the service-resolver, the `version` in the metadata of the
 * service (`2`, or `v2`), the id of the service, the workload (`payments-v2`), or the name that the application gives itself.
 */
export class Answerers {
  readonly #instances: readonly Listed[];
  /** By subset: ids of its instances. */
  readonly #subsets: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(instances: readonly Listed[], subsets: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#instances = instances;
    this.#subsets = subsets;
  }

  static async of(service: string, world: World): Promise<Answerers> {
    const path = `/v1/health/service/${encodeURIComponent(service)}`;
    const instances = await world.api<Listed[]>(path);
    const resolvers = await world.api<{ Name: string; Subsets?: Record<string, { Filter?: string }> }[]>('/v1/config/service-resolver');
    const subsets = new Map<string, ReadonlySet<string>>();
    for (const [name, { Filter = '' }] of Object.entries(resolvers.find(({ Name }) => Name === service)?.Subsets ?? {})) {
      const members = await world.api<Listed[]>(Filter === '' ? path : `${path}?filter=${encodeURIComponent(Filter)}`);
      subsets.set(name, new Set(members.map(({ Service }) => Service.ID)));
    }
    return new Answerers(instances, subsets);
  }

  /** Which of these names the answer is of; undefined for none of them. */
  labelOf(answer: HttpAnswer, labels: readonly string[]): string | undefined {
    const signature = signatureOf(answer);
    const instance = this.#instances.find(({ Service }) => addressesOf(Service).some((address) => signature.addresses.includes(address)));
    // What is known for sure goes before what an application says: instances of one service often have one name.
    const ofInstance = instance && labels.find((label) => this.#isCalled(instance, label));
    return ofInstance ?? labels.find((label) => signature.name === label || signature.body === label);
  }

  /** For messages: who gave an answer, in the best words that there are. */
  describe(answer: HttpAnswer): string {
    const { name, addresses } = signatureOf(answer);
    const instance = this.#instances.find(({ Service }) => addressesOf(Service).some((address) => addresses.includes(address)));
    if (instance) return instance.Service.ID;
    return name ?? `an answer with status ${answer.status} that names nobody`;
  }

  /** All that a label could have been. */
  known(): string[] {
    const ofInstances = this.#instances.flatMap(({ Node, Service }) => [Service.ID, ...versionsOf(Service), Node.Node]);
    return [...new Set([...this.#subsets.keys(), ...ofInstances])];
  }

  /** Throws a StepFailure for a label that nothing has: a test with it could hold by chance alone. */
  check(labels: readonly string[], seen: readonly HttpAnswer[]): void {
    const names = new Set([...this.known(), ...seen.flatMap((answer) => Object.values(signatureOf(answer)).flat())]);
    const unknown = labels.find((label) => !names.has(label));
    if (unknown !== undefined)
      throw new StepFailure(`nothing is called ${JSON.stringify(unknown)}`, { hint: `there are: ${this.known().join(', ')}` });
  }

  #isCalled({ Node, Service }: Listed, label: string): boolean {
    return (
      Service.ID === label ||
      Node.Node === label ||
      versionsOf(Service).includes(label) ||
      this.#subsets.get(label)?.has(Service.ID) === true
    );
  }
}

function versionsOf({ Meta = {} }: Listed['Service']): string[] {
  const version = Meta['version'];
  return version === undefined ? [] : version.startsWith('v') ? [version] : [version, `v${version}`];
}

const addressesOf = ({ Address, TaggedAddresses = {} }: Listed['Service']): string[] => [
  Address,
  ...(TaggedAddresses['blueprint'] ? [TaggedAddresses['blueprint'].Address] : []),
];

function signatureOf({ body }: HttpAnswer): Signature {
  try {
    const { name, ip_addresses: addresses, body: text } = JSON.parse(body) as Record<string, unknown>;
    return {
      name: typeof name === 'string' ? name : undefined,
      body: typeof text === 'string' ? text : undefined,
      addresses: Array.isArray(addresses) ? addresses.map(String) : [],
    };
  } catch {
    return { name: undefined, body: body.trim(), addresses: [] };
  }
}
