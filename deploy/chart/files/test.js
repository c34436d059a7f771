// Asks daygate about a privileged Pod, as the API server would, and insists on an answer that names the fault.
const url = `${process.env.DAYGATE_URL}/validate/production`;
const metadata = { name: 'daygate-test', namespace: 'default' };
const containers = [
  { name: 'app', image: 'registry.example.com/app:1', securityContext: { privileged: true } },
];
const request = {
  uid: '6f2f4a6e-0d4d-4d9c-8a43-6d1f0a3f7c11',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  ...metadata,
  operation: 'CREATE',
  userInfo: { username: 'daygate-test' },
  object: { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } },
  dryRun: true,
};
const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
fetch(url, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(review),
  signal: AbortSignal.timeout(10_000),
})
  .then(async (answer) => {
    const text = await answer.text();
    if (!answer.ok || !text.includes(request.uid) || !text.includes('forbid-privileged'))
      throw new Error(`${url} answered ${answer.status}: ${text}`);
    console.log(`${url} judges`);
  })
  .catch((error) => {
    console.error(error.cause ?? error);
    process.exitCode = 1;
  });
