import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const deployment = (name: string, replicas: number, annotations: string): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec:
  selector: { app: ${name} }
  ports: [{ port: 9090 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata:
      labels: { app: ${name} }
      annotations: { consul.hashicorp.com/connect-inject: "true"${annotations} }
    spec:
      containers:
        - name: ${name}
          image: nicholasjackson/fake-service:v0.24.2
          ports: [{ containerPort: 9090 }]
          env: [{ name: NAME, value: ${name} }, { name: LISTEN_ADDR, value: 0.0.0.0:9090 }]
`;

const FILES: Readonly<Record<string, string>> = {
  'main.hcl': `network "local" { subnet = "10.5.0.0/16" }
k8s_cluster "k3s" {
  driver = "k3s"
  network { name = "network.local" }
}
k8s_config "shop" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["k8s_config"]
  wait_until_ready = true
}
config_entry "service-defaults" "payments" { protocol = "http" }
config_entry "retries" { file = "router.json" }
`,
  // As in production: what fails for reasons of one instance is asked of another one.
  'router.json': JSON.stringify({ Kind: 'service-router', Name: 'payments', ...routes('/nobody') }),
  'k8s_config/payments.yml': deployment('payments', 3, ''),
  'k8s_config/web.yml': deployment('web', 1, ', consul.hashicorp.com/connect-service-upstreams: "payments:9091"'),
};

/** A router that has one route for a path, which differs, and one for everything else. */
export function routes(path: string): object {
  const destination = { NumRetries: 5, RetryOnConnectFailure: true, RetryOnStatusCodes: [502, 503, 504] };
  return {
    Routes: [
      { Match: { HTTP: { PathPrefix: path } }, Destination: destination },
      { Match: { HTTP: { PathPrefix: '/' } }, Destination: destination },
    ],
  };
}

/** web, and three payments with retries between them, as a blueprint folder. */
export function writeShop(folder: string): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
