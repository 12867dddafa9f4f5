// Small manifests, as a team has many of: Deployments, Services and ConfigMaps.

const container = (name) =>
  `{ name: web, image: "registry.example.org/${name}:1.0", ports: [{ containerPort: 8080 }] }`;
const MANIFESTS = [
  (name) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - ${container(name)}
`,
  (name) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { app: ${name} }
  ports:
    - { name: http, port: 80, targetPort: 8080 }
`,
  (name) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: shop }
data:
  LOG_LEVEL: info
  LISTEN: "0.0.0.0:8080"
`,
];

export function manifests(count) {
  return Array.from({ length: count }, (_, index) => MANIFESTS[index % MANIFESTS.length](`app-${index}`));
}
