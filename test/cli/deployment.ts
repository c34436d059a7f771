/** A Deployment in the namespace shop, as YAML: by default with one replica and an image without a version. */
export function deployment(name: string, { image = 'app:latest', replicas = 1 } = {}): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: app, image: '${image}' }
`;
}
