import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workspace } from './harness.ts';

const IMAGE = 'nicholasjackson/fake-service:v0.24.2';

/** A service of the mesh: `$` stands before what only the task knows. */
const service = (name: string, { upstreams = '', env = '' }: { upstreams?: string; env?: string } = {}) => `job "${name}" {
  datacenters = ["dc1"]
  type        = "service"

  group "${name}" {
    count = 1

    network {
      mode = "bridge"
      port "http" {
        to = 9090
      }
    }

    service {
      name = "${name}"
      port = "9090"

      connect {
        sidecar_service {
          proxy {
            ${upstreams}
          }
        }
      }
    }

    task "${name}" {
      driver = "docker"

      logs {
        max_files     = 2
        max_file_size = 10
      }

      env {
        LISTEN_ADDR = "0.0.0.0:$\{NOMAD_PORT_http}"
        NAME        = "${name} $\{NOMAD_ALLOC_INDEX}"
        ${env}
      }

      resources {
        cpu    = 500
        memory = 256
      }

      config {
        image = "${IMAGE}"
        ports = ["http"]
      }
    }
  }
}
`;

/** In the shape of Shipyard's published blueprints for Nomad. */
const FILES: Readonly<Record<string, string>> = {
  'shop/main.hcl': `network "cloud" {
  subnet = "10.79.0.0/16"
}

container "consul" {
  image {
    name = "consul:1.10.1"
  }
  command = ["consul", "agent", "-config-file=/config/consul.hcl"]
  volume {
    source      = "./consul_config"
    destination = "/config"
  }
  network {
    name       = "network.cloud"
    ip_address = "10.79.0.200"
  }
}

nomad_cluster "dev" {
  version      = "1.1.0"
  client_nodes = 1
  network {
    name = "network.cloud"
  }
  image {
    name = "${IMAGE}"
  }
  consul_config = "./consul_config/agent/agent.hcl"
}

nomad_job "apps" {
  cluster = "nomad_cluster.dev"
  paths   = ["./jobs/web.nomad", "./jobs/payments.nomad"]
  health_check {
    timeout    = "60s"
    nomad_jobs = ["web", "payments"]
  }
}

nomad_ingress "web" {
  cluster = "nomad_cluster.dev"
  job     = "web"
  group   = "web"
  task    = "web"
  network {
    name = "network.cloud"
  }
  port {
    local  = 19090
    remote = "http"
    host   = 19090
  }
}
`,
  'shop/consul_config/consul.hcl': `datacenter = "east"
server     = true
config_entries {
  bootstrap {
    kind = "proxy-defaults"
    name = "global"
    config {
      protocol = "http"
    }
  }
}
`,
  'shop/consul_config/agent/agent.hcl': `datacenter     = "east"
advertise_addr = "{{ GetInterfaceIP \\"eth0\\" }}"
retry_join     = ["consul.container.shipyard.run"]
`,
  'shop/jobs/web.nomad': service('web', {
    upstreams: 'upstreams {\n destination_name = "payments"\n local_bind_port = 9091\n }',
    env: `UPSTREAM_URIS = "http://$\{NOMAD_UPSTREAM_ADDR_payments}"`,
  }),
  'shop/jobs/payments.nomad': service('payments'),
};

/** Programs of this machine: one that prepares, one that stays beside, one that serves; and a job that ends. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'tools/main.hcl': `resource "nomad_cluster" "tools" {
}

resource "nomad_job" "tools" {
  cluster = resource.nomad_cluster.tools
  paths   = ["./files.nomad", "./once.nomad"]
}
`,
  'tools/files.nomad': `job "files" {
  group "files" {
    task "prepare" {
      driver = "raw_exec"
      lifecycle {
        hook = "prestart"
      }
      config {
        command = "local/prepare.sh"
        args    = ["$\{NOMAD_ALLOC_NAME}"]
      }
      template {
        destination = "local/prepare.sh"
        perms       = "755"
        data        = <<EOF
#!/bin/sh
echo "prepared for $1 by {{ env "NOMAD_TASK_NAME" }}" > "$NOMAD_ALLOC_DIR/prepared"
EOF
      }
    }
    task "main" {
      driver = "exec"
      config {
        command = "sh"
        args    = ["-c", "cat $\{NOMAD_ALLOC_DIR}/prepared; exec tail -f /dev/null"]
      }
    }
  }
}
`,
  'tools/once.nomad': `job "once" {
  type = "batch"
  group "once" {
    task "main" {
      driver = "exec"
      config {
        command = "echo"
        args    = ["done, $\{NOMAD_JOB_NAME}"]
      }
    }
  }
}
`,
};

function write(mesh: Workspace, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(mesh.cwd, path)), { recursive: true });
    writeFileSync(join(mesh.cwd, path), text);
  }
}

interface Answer {
  readonly name: string;
  readonly code: number;
  readonly upstream_calls?: Readonly<Record<string, Answer>>;
}

async function get(url: string): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  return { status: response.status, answer: (await response.json()) as Answer };
}

describe('jobs of Nomad', () => {
  it('call each other over mutual TLS, in the datacenter that their cluster joins', async () => {
    await using mesh = new Workspace();
    write(mesh, FILES);
    await mesh.run('./shop');
    const status = await mesh.status();
    const url = status.ingresses.find(({ target }) => target.startsWith('nomad_cluster.dev/'))!.url.replace('localhost', '127.0.0.1');
    expect(await get(url)).toMatchObject({
      status: 200,
      answer: { name: 'web 0', upstream_calls: { 'http://127.0.0.1:9091': { name: 'payments 0', code: 200 } } },
    });
    expect(status.workloads.map(({ name }) => name).toSorted()).toEqual(['consul', 'payments-0', 'web-0']);

    const ask = async (...args: string[]) => {
      const outcome = await mesh.mesh(...args);
      expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
      return outcome;
    };
    await ask('intention', 'create', '-deny', 'web', 'payments');
    expect((await get(url)).status).toBe(500);
    await ask('intention', 'delete', 'web', 'payments');
    expect((await get(url)).status).toBe(200);

    await ask('scale', 'payments=2');
    expect((await ask('exec', 'payments-1', '--', 'sh', '-c', 'echo $NOMAD_ALLOC_NAME')).stdout).toBe('payments.payments[1]\n');
    expect((await ask('logs', 'web-0')).stdout).toContain('Started service: name="web 0"');

    // Only the job that was edited is made anew.
    const before = (await mesh.status()).workloads.find(({ name }) => name === 'web-0')!.pid;
    const path = join(mesh.cwd, 'shop/jobs/payments.nomad');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"payments $', '"pay $'));
    await mesh.run('./shop');
    expect((await get(url)).answer.upstream_calls?.['http://127.0.0.1:9091']?.name).toMatch(/^pay /);
    expect((await mesh.status()).workloads.find(({ name }) => name === 'web-0')!.pid).toBe(before);
    await ask('destroy', './shop');
  });

  it('run programs of this machine, in the order of their tasks, and to their end', async () => {
    await using mesh = new Workspace();
    write(mesh, PROGRAMS);
    await mesh.run('./tools');
    expect((await mesh.mesh('logs', 'files-0/main')).stdout).toContain('prepared for files.files[0] by prepare');
    expect((await mesh.mesh('logs', 'once-0')).stdout).toContain('done, once');
    expect((await mesh.mesh('destroy', './tools')).code).toBe(0);
  });
});
