import { clusters } from './clusters.ts';
import { docs } from './docs.ts';
import { files } from './files.ts';
import { mesh } from './mesh.ts';
import { networks } from './networks.ts';
import { values } from './values.ts';
import { workloads } from './workloads.ts';

/**
 * A blueprint for the reference page of each resource type; of a row for one spelling under `<type>/<dialect>`. A test loads
 * them, beside a few files that they name (test/blueprints/reference/examples.test.ts). Not in the rows: neither a run nor the
 * agent has to load them.
 */
export type Examples = Readonly<Record<string, string>>;

export const EXAMPLES: Examples = { ...workloads, ...networks, ...clusters, ...mesh, ...files, ...docs, ...values };

/** The name of a row among the examples. */
export const exampleName = ({ type, dialect }: { readonly type: string; readonly dialect?: string }): string =>
  dialect ? `${type}/${dialect}` : type;
