import type { Diagnostic } from '../base/diagnostic.ts';
import type { JobPlan, PodSetPlan } from '../base/pod.ts';
import type { WrittenCall } from '../base/registration.ts';
import type { Range } from '../base/source.ts';
import type { EntryBase } from '../entries/kind.ts';

export interface KubeServicePort {
  readonly name?: string;
  readonly port: number;
  /** Port of the pods, names resolved. */
  readonly targetPort: number;
}

/** A Service that selects pods. Plain JSON. */
export interface KubeServicePlan {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods behind it, which are of the same namespace. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly KubeServicePort[];
  /** Without an address of its own: its name stands for the pods, whose own ports can be used as well. */
  readonly headless: boolean;
  /** The address that the manifest asks for. */
  readonly clusterIp?: string;
  /** What pods of the cluster find it by. */
  readonly names: readonly string[];
}

/** A protocol that an annotation asks for: to be written as the `service-defaults` of that service. */
export interface KubeServiceDefaults {
  readonly service: string;
  readonly protocol: string;
  /** The annotation. */
  readonly range?: Range;
}

/** An object that was left out; the diagnostics of `readManifests` say the same with a place. */
export interface IgnoredManifest {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly reason: string;
}

export interface Interpretation {
  readonly sets: PodSetPlan[];
  readonly jobs: JobPlan[];
  readonly services: KubeServicePlan[];
  readonly serviceDefaults: KubeServiceDefaults[];
  /** From Consul's custom resources: normalized and valid. */
  readonly entries: EntryBase[];
  readonly ignored: IgnoredManifest[];
  /** What the pods have as upstreams. */
  readonly calls: readonly WrittenCall[];
  readonly diagnostics: Diagnostic[];
}

/** Which pods get a sidecar (the Consul chart: `connectInject`). */
export interface InjectorOptions {
  /** Whether pods without a `connect-inject` annotation get one. */
  readonly injectByDefault: boolean;
  /** Kubernetes namespaces whose pods may get one: `*` stands for all. A denied one is stronger. */
  readonly allowNamespaces: readonly string[];
  readonly denyNamespaces: readonly string[];
}

export interface InterpretOptions {
  /** Name of the cluster, which is also that of its only node. */
  readonly cluster: string;
  /** Consul's datacenter that the cluster belongs to. */
  readonly datacenter: string;
  readonly injector: InjectorOptions;
  /** Start of the ids of workloads: `k8s_config.web`. */
  readonly resourceId: string;
  /** What to do about an image that can't run; undefined for one that can. */
  readonly imageHint?: (image: string) => string | undefined;
}
