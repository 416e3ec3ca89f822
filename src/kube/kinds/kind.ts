import type { Diagnostic } from '../../base/diagnostic.ts';
import type { JobPlan, PodSetPlan } from '../../base/pod.ts';
import type { Place } from '../../schema/place.ts';
import { type DecodedFields, type Field, map, object, optional, required, type Schema, string } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import type { PodTemplate } from '../pod/schema.ts';

/** One kind of Kubernetes object that means something here. */
export interface ManifestKind<T> {
  readonly kind: string;
  /** Accepted `apiVersion`s, the one to write first. */
  readonly apiVersions: readonly string[];
  /** Lives in a namespace (`default` when it names none). */
  readonly namespaced: boolean;
  /** Kubernetes: the name of an object may have dots; of these it may not, as it becomes part of a DNS name. */
  readonly nameWithoutDots?: true;
  readonly schema: Schema<T>;
  /** Problems of this object alone that the schema can't express, in the words of the API server. */
  validate(body: T, at: Place): Diagnostic[];
  /** For a kind that runs pods: how many, and from what. */
  pods?(body: T, at: Place): PodSet;
}

/** Pods made from one template. */
export interface PodSet {
  readonly replicas: number;
  readonly template: PodTemplate;
  /** Where the template stands. */
  readonly at: Place;
  readonly naming: PodSetPlan['naming'];
  /** Of a StatefulSet. */
  readonly stateful?: {
    readonly ordered: boolean;
    /** Headless Service under whose name each pod is known. */
    readonly serviceName: string;
    /** Names of the volumes that each pod claims for itself. */
    readonly claims: readonly string[];
  };
  /** Present when its pods run to their end. */
  readonly job?: Pick<JobPlan, 'completions' | 'parallelism' | 'backoffLimit' | 'deadlineMs'> & { readonly indexed: boolean };
}

const metadata = object({
  name: required(string(), 'Name, unique among the objects of its kind in its namespace.'),
  namespace: optional(string(), 'Namespace; `default` when absent.'),
  labels: optional(map(string()), 'Labels, which selectors match.'),
  annotations: optional(map(string()), 'Annotations.'),
  creationTimestamp: accepted('Written by the API server.'),
  deletionTimestamp: accepted('Written by the API server.'),
  deletionGracePeriodSeconds: accepted('Written by the API server.'),
  finalizers: accepted('What must happen before the object is deleted.'),
  generateName: accepted('Prefix of a generated name.'),
  generation: accepted('Written by the API server.'),
  managedFields: accepted('Written by the API server.'),
  ownerReferences: accepted('Objects that own this one.'),
  resourceVersion: accepted('Written by the API server.'),
  selfLink: accepted('Written by old API servers.'),
  uid: accepted('Written by the API server.'),
});

/** The fields that every object has, and its own. */
export const manifest = <const F extends Readonly<Record<string, Field>>>(fields: F): Schema<DecodedFields<F & typeof HEAD>> =>
  object({ ...HEAD, ...fields } as F & typeof HEAD);

const HEAD = {
  apiVersion: required(string(), 'Group and version of the kind.'),
  kind: required(string(), 'What this object is.'),
  metadata: required(metadata, 'Name, namespace, labels and annotations.'),
  status: accepted('Written by the API server.'),
};

export const noProblems = (): Diagnostic[] => [];
