import { MeshError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Op } from '../catalog/types.ts';
import { type Application, openApplication } from './application.ts';
import { httpCall } from './http-call.ts';
import { type InstanceRecord, infoOf, registration, sidecarId } from './instance.ts';
import type { InstanceInfo, ServiceContext, ServiceSpec } from './types.ts';
import { targetUrl, type World } from './world.ts';

interface Running {
  record: InstanceRecord;
  readonly application: Application;
}

/** The instances that were made in code: their listeners, and what is registered of them. */
export class Instances {
  readonly #world: World;
  readonly #running = new Map<string, Running>();

  constructor(world: World) {
    this.#world = world;
  }

  get infos(): readonly InstanceInfo[] {
    return Array.from(this.#running.values(), ({ record }) => infoOf(record, this.#world));
  }

  /** Lets them listen. What is returned registers them; until that is committed nobody knows of them, and they can be given up. */
  async open(specs: readonly ServiceSpec[]): Promise<{ readonly ops: readonly Op[]; readonly giveUp: () => Promise<void> }> {
    const named = this.#name(specs);
    const giveUp = (): Promise<void> => this.#giveUp(named.map(([id]) => id));
    const tried = await Promise.allSettled(named.map(([id, spec]) => this.#open(id, spec)));
    const failed = tried.find((one) => one.status === 'rejected');
    if (failed) {
      await giveUp();
      throw failed.reason;
    }
    const { datacenter } = this.#world;
    const ops = tried.flatMap((one) => {
      if (one.status === 'rejected') return [];
      this.#world.host(one.value.id, sidecarId(one.value.id));
      return [registration(one.value, datacenter, 'passing')];
    });
    return { ops, giveUp };
  }

  /** Those of a service, or the one of this id. Throws a MeshError where there is none. */
  of(target: string): readonly Running[] {
    const all = [...this.#running.values()];
    const found = all.filter(({ record }) => record.service === target);
    const meant = found.length > 0 ? found : all.filter(({ record }) => record.id === target);
    if (meant.length > 0) return meant;
    const known = all.flatMap(({ record }) => [record.service, record.id]);
    throw new MeshError('usage', `this mesh runs no service or instance ${target}`, {
      hint: didYouMean(target, known).hint ?? `there are ${[...new Set(known)].join(', ')}`,
    });
  }

  async kill(target: string, noticed: boolean): Promise<void> {
    const meant = this.of(target);
    await Promise.all(meant.map(({ application }) => application.kill()));
    if (noticed) await this.#register(meant, 'critical');
  }

  async revive(target: string): Promise<void> {
    const meant = this.of(target);
    await Promise.all(
      meant.map(async (running) => {
        const port = await running.application.revive();
        running.record = { ...running.record, port };
      }),
    );
    await this.#register(meant, 'passing');
  }

  async close(): Promise<void> {
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(all.map(({ application }) => application.close()));
  }

  async #giveUp(ids: readonly string[]): Promise<void> {
    const meant = ids.flatMap((id) => this.#running.get(id) ?? []);
    for (const { record } of meant) {
      this.#running.delete(record.id);
      this.#world.unhost(record.id, sidecarId(record.id));
    }
    await Promise.all(meant.map(({ application }) => application.close()));
  }

  async #register(meant: readonly Running[], health: 'passing' | 'critical'): Promise<void> {
    await this.#world.commit(meant.map(({ record }) => registration(record, this.#world.datacenter, health)));
    await this.#world.settled();
  }

  async #open(id: string, spec: ServiceSpec): Promise<InstanceRecord> {
    const { ports } = this.#world;
    const { version = '', meta = {}, tags = [], upstreams = [], config = {} } = spec.options;
    const [application, sidecarPort, ...localPorts] = await Promise.all([
      openApplication(spec.name, spec.handler, this.#context(id, spec)),
      ports.take(),
      ...upstreams.map(() => ports.take()),
    ]);
    const record: InstanceRecord = {
      id,
      service: spec.name,
      nodeId: this.#world.random.uuid(),
      address: application.address,
      port: application.port,
      sidecarPort,
      upstreams: new Map(upstreams.map((name, i) => [name, localPorts[i]!])),
      tags,
      meta: version === '' ? meta : { ...meta, version },
      config,
    };
    this.#running.set(id, { record, application });
    return record;
  }

  #context(id: string, { name, options }: ServiceSpec): ServiceContext {
    const upstream = (wanted: string): string => {
      const upstreams = this.#running.get(id)?.record.upstreams ?? new Map<string, number>();
      const port = upstreams.get(wanted);
      if (port === undefined) throw unknownUpstream(name, wanted, [...upstreams.keys()]);
      return `http://127.0.0.1:${port}`;
    };
    return {
      service: name,
      instance: id,
      version: options.version ?? '',
      upstream,
      fetch: (wanted, path = '/', init = {}) => httpCall(targetUrl(upstream(wanted), path), init),
    };
  }

  /** Ids: the name of the service and a number. */
  #name(specs: readonly ServiceSpec[]): [id: string, spec: ServiceSpec][] {
    const taken = new Set(this.#running.keys());
    return specs.flatMap((spec) => {
      const { instances = 1, id } = spec.options;
      checkName(spec.name);
      if (id !== undefined && (instances > 1 || taken.has(id))) {
        throw new MeshError(
          'usage',
          instances > 1 ? `the id ${id} is for one instance, not for ${instances}` : `there is an instance ${id} already`,
          {
            hint: 'leave id out: they are numbered then',
          },
        );
      }
      return Array.from({ length: instances }, (): [string, ServiceSpec] => {
        let free = id ?? `${spec.name}-1`;
        for (let n = 2; taken.has(free); n++) free = `${spec.name}-${n}`;
        taken.add(free);
        return [free, spec];
      });
    });
  }
}

export function unknownUpstream(from: string, wanted: string, known: readonly string[]): MeshError {
  const list = known.map((name) => `'${name}'`);
  return new MeshError('usage', `${from} has no upstream ${wanted}`, {
    hint:
      didYouMean(wanted, known).hint ?? `declare it: service('${from}', handler, { upstreams: [${[...list, `'${wanted}'`].join(', ')}] })`,
  });
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/.test(name)) return;
  throw new MeshError('usage', `${JSON.stringify(name)} is no name of a service`, { hint: 'use letters, digits and dashes' });
}
