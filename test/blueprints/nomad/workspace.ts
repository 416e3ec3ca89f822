import type { LoadOptions } from '../../../src/blueprints/loaded.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

export const CLUSTER = 'nomad_cluster "dev" {}\n';
export const JOBS = 'nomad_job "app" {\n  cluster = "nomad_cluster.dev"\n  paths = ["jobs"]\n}\n';

interface JobText {
  readonly group?: string;
  readonly count?: number;
  readonly message?: string;
  readonly static?: number;
  /** Names of services that it calls, from port 9091 on. */
  readonly calls?: readonly string[];
  readonly more?: string;
}

/** A job of one group and one task, in the mesh. */
export function job(
  name: string,
  { group = name, count = 1, message = 'one', static: fixed, calls = [], more = '' }: JobText = {},
): string {
  const upstreams = calls
    .map((service, i) => `upstreams {\n destination_name = "${service}"\n local_bind_port = ${9091 + i}\n }`)
    .join('\n');
  return `
job "${name}" {
  ${more}
  group "${group}" {
    count = ${count}
    network {
      mode = "bridge"
      port "http" {
        ${fixed === undefined ? '' : `static = ${fixed}`}
        to = 9090
      }
    }
    service {
      name = "${name}"
      port = "http"
      connect {
        sidecar_service {
          proxy {
            ${upstreams}
          }
        }
      }
    }
    task "main" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
        ports = ["http"]
      }
      env {
        MESSAGE = "${message}"
      }
    }
  }
}
`;
}

/** Loads a blueprint with these files. */
export async function lowered(files: Readonly<Record<string, string>>, more: Partial<LoadOptions> = {}) {
  const { graph, diagnostics } = await load(workspace(files), [], more);
  const found = (key: string) => graph?.resources.find((resource) => resource.key === key);
  return {
    spec: <S>(key: string): S => found(key)?.spec as S,
    dependsOn: (key: string) => found(key)?.dependsOn ?? [],
    diagnostics,
    summaries: diagnostics.map(({ summary }) => summary),
  };
}
