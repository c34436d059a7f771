/** What the help of a command tells beyond its arguments and options; docs/cli.md is made of the same. */
export interface Page {
  /** Paragraphs. */
  readonly notes?: readonly string[];
  /** What an exit code means here. Without any: 0 done, 2 wrong use, 3 a fault of daygate. */
  readonly exitCodes?: Readonly<Record<string, string>>;
  /** Lines that can be run as they are; they stay within 78 characters. */
  readonly examples: readonly string[];
}

const fault = 'a fault of daygate or of a policy';
export const usualExitCodes = { 0: 'done', 2: 'wrong use', 3: 'a fault of daygate' };

export const pages: Readonly<Record<string, Page>> = {
  audit: {
    notes: [
      'Reads the kinds that enabled policies look at, page by page, and judges each object by the profile its namespace asks for, as if it were enforced. It writes nothing but, where --write-policy-reports asks for them, PolicyReports. What a workload made is told with the workload: fifty pods of a Deployment that lack the same thing are one finding.',
      'What it could not read (a kind that is forbidden, or was removed meanwhile) is named in the report and gives exit code 2: no silence counts as success. Rights to get and list are enough; daygate render --rbac audit prints exactly those that are needed.',
      'With a later --kubernetes than the cluster has, the report says what the upgrade breaks: API versions that somebody still writes, and PodDisruptionBudgets that allow no eviction now. --since takes over from an earlier JSON report of the same cluster, of the same day and settings, what has not changed; --shard splits a large cluster by namespace, and daygate merge joins the reports.',
      'With --every it goes on until it is ended, and answers the last report by plain HTTP at --listen: / is the page, /report.json and /report.csv the report, /metrics what Prometheus scrapes, /livez and /readyz what a kubelet asks. Whoever reaches that address may read the report.',
    ],
    exitCodes: {
      0: 'clean',
      1: 'findings that --fail-on is about',
      2: 'wrong use, no such cluster, or not all could be read',
      3: fault,
    },
    examples: [
      'daygate audit',
      'daygate audit --context production -o html=audit.html -o json=audit.json',
      'daygate audit -n shop -n checkout --fail-on deny',
      'daygate audit --kubernetes 1.37 --only forbid-removed-api,forbid-blocking-pdb',
      'daygate audit --trend last-month.json -o html=audit.html',
      'daygate audit --shard 0/4 -o json=shard-0.json',
      'daygate audit --every 10m --listen :9090 --history /var/lib/daygate --keep 100',
    ],
  },
  breakglass: {
    notes: [
      'Only the webhook configurations of daygate are changed, and no webhook is asked about those: it works while daygate is dead. All their webhooks get failurePolicy: Ignore, timeoutSeconds: 1 and a path that says until when; a daygate that answers allows everything, tells what it would have refused as warnings, and enforces again by itself after that time. The configurations keep what stood there before in the annotation daygate.dev/breakglass.',
      'Done again, it takes the new time and reason. --skip-calls is for a daygate that itself does harm: it is not called until this is undone. docs/emergency.md is the page for the moment itself.',
      'It takes the rights to get and patch validatingwebhookconfigurations and mutatingwebhookconfigurations of the name daygate. The CronJob in deploy/breakglass.yaml runs --undo --when-due every five minutes.',
    ],
    exitCodes: {
      0: 'done, or nothing to undo',
      2: 'wrong use, no such cluster, or rights are missing: what was done is told',
      3: 'a fault of daygate',
    },
    examples: [
      'daygate breakglass --for 30m --reason "INC-4711: roll back checkout"',
      'daygate breakglass --undo',
      'kubectl get validatingwebhookconfigurations -L daygate.dev/breakglass',
    ],
  },
  check: {
    notes: [
      'Charts and Kustomize folders are rendered with the helm and kubectl (or kustomize) that are installed. Without paths, what the settings list under render is rendered and judged.',
      'Findings are judged as if they were enforced: enforcement: observe in the settings is about the cluster.',
      'Which findings give exit code 1 is up to --fail-on: deny, warn (denials and warnings, as by default), audit (all that is reported) or none; or a severity, critical, high, medium or low, for denials and warnings that are at least that severe. Of several, separated by commas, one is enough: deny,high fails on every denial, and on warnings of high or critical severity. Errors give 2 or 3 all the same. What an exception or the baseline covers never counts.',
      '--changed-since leaves out manifests. Charts and Kustomize folders are judged whole, whatever has changed, since what they render may come from anywhere: there a baseline tells what is new.',
      '--quiet leaves out of the text on standard output what does not fail the run; files and other formats are complete. --watch judges again whenever manifests, settings or policies change, until Ctrl-C.',
    ],
    exitCodes: {
      0: 'clean',
      1: 'findings that --fail-on is about',
      2: 'wrong use, or not all was checked',
      3: `${fault}, or what cannot be rendered`,
    },
    examples: [
      'daygate check deploy/',
      'daygate check --fail-on deny --quiet deploy/',
      'daygate check --watch deploy/web.yaml',
      'daygate check -k overlays/production',
      'daygate check --namespace shop charts/shop',
      'daygate check -o text -o sarif=daygate.sarif -o junit=daygate.xml deploy/',
      'daygate check --only require-replicas --set require-replicas.min=3 web.yaml',
      'daygate check --write-baseline daygate-baseline.yaml deploy/',
      'daygate check --baseline daygate-baseline.yaml --changed-since main deploy/',
    ],
  },
  certs: {
    notes: [
      'Makes a CA and a certificate for the Service, writes them into two Secrets that are there already, and the CA into every caBundle of the webhook configurations. Certificate and CA are renewed when a third of their life is left. A new CA is trusted for the overlap before it signs anything, and the old one until nothing it signed is in use, so that no call fails; each run goes as far as it can and the next one goes on.',
      'It can be run again at any time, twice at once, and after it was ended anywhere. Certificates that it did not make are left alone. Who runs it needs get and patch on these four objects and no other right: deploy/certs.yaml.',
    ],
    exitCodes: {
      0: 'all is as it should be, or waits for the overlap',
      2: 'wrong use, the API server refuses, or a certificate is not ours to change',
      3: 'a fault of daygate',
    },
    examples: [
      'daygate certs',
      'daygate certs --dry-run',
      'daygate certs --context staging --leaf-days 30 --ca-days 365',
      'daygate certs --name daygate.example.com --name 10.0.0.7',
    ],
  },
  completion: {
    notes: [
      'The script asks daygate itself at each Tab, so that it knows the commands, options, policies and the profiles of daygate.yaml in the current folder. Policies of your own are not run for it.',
      'kubectl completes `kubectl daygate` by itself once kubectl-daygate and kubectl_complete-daygate are on PATH.',
    ],
    examples: [
      'source <(daygate completion bash)      # in ~/.bashrc',
      'source <(daygate completion zsh)       # in ~/.zshrc, after compinit',
      'daygate completion fish > ~/.config/fish/completions/daygate.fish',
    ],
  },
  exceptions: {
    exitCodes: {
      0: 'listed',
      1: 'what --fail-on names',
      2: 'wrong use, or not all was judged',
      3: fault,
    },
    examples: [
      'daygate exceptions deploy/',
      'daygate exceptions --within 14d --fail-on expired,unused deploy/',
    ],
  },
  explain: {
    notes: ['Words that are no id find the policies that are about them.'],
    examples: ['daygate explain require-memory-limit', 'daygate explain memory'],
  },
  fix: {
    notes: [
      'Comments, order, quotes, anchors and line endings stay as they are. A file is written whole or not at all, and only after it was read again.',
      'A Helm chart among the files is named and left as it is; naming it is exit code 2.',
    ],
    exitCodes: {
      0: 'done',
      1: 'with --diff or --dry-run: there is something to fix',
      2: 'wrong use, or a fix could not be written',
      3: fault,
    },
    examples: [
      'daygate fix deploy/',
      'daygate fix --diff --suggestions deploy/web.yaml',
      'kubectl kustomize overlays/production | daygate fix - > fixed.yaml',
      'daygate fix --set require-memory-limit.default=512Mi deploy/',
    ],
  },
  merge: {
    notes: [
      'Reports may come in any order; the result is the same. Each cluster may be there once, whole or with all its shards. What kept an audit from being complete is kept, with the name of the cluster.',
      '--diff compares clusters that are in both, and exits with 1 where a finding is new. docs/scale.md says what large fleets need.',
    ],
    exitCodes: {
      0: 'clean; with --diff: nothing is new',
      1: 'findings that deny or warn; with --diff: new ones',
      2: 'wrong use, a report that cannot be read, or an audit was not complete',
      3: 'a fault of daygate',
    },
    examples: [
      'daygate merge reports/*.json',
      'daygate merge -o text -o json=fleet.json reports/*.json',
      'daygate merge --diff fleet-last-week.json reports/*.json',
      'daygate merge -o json=prod.json prod-shard-*.json',
    ],
  },
  'new-policy': {
    examples: ['daygate new-policy policies/require-tier --target object'],
  },
  policies: {
    notes: [
      'Words narrow the list to policies that have all of them in their id or title. --profile names one that ships with daygate, and lists what is on in it.',
    ],
    examples: [
      'daygate policies',
      'daygate policies probe',
      'daygate policies --profile baseline --severity critical',
      'daygate policies --category security -o json',
    ],
  },
  render: {
    notes: [
      '--rbac serve prints list and watch on the kinds that policies ask about with facts: cluster in the settings, never on Secrets, and nothing for policies of your own, which are told of no other objects there. --rbac audit prints get and list on all kinds that an audit reads, --rbac audit-namespace a Role with those of audit --namespace, --rbac policy-reports what audit --write-policy-reports needs besides. None prints a service account.',
    ],
    exitCodes: {
      0: 'done',
      1: 'with --check: the file differs',
      2: 'wrong use',
      3: fault,
    },
    examples: [
      'daygate render | kubectl apply -f -',
      'daygate render --check --output webhooks.yaml',
      'daygate render --url https://127.0.0.1:8443 --ca-bundle ca.pem',
      'daygate render --rbac audit -n tools | kubectl apply -f -',
      'daygate render --rbac audit-namespace -n shop | kubectl apply -f -',
    ],
  },
  review: {
    notes: [
      'Reviews are judged as the server would judge them: with enforcement as the settings have it, and at the time at which they were recorded. A plain AdmissionReview is judged now, by the default profile or the one of --profile.',
      '--against FILE judges by the other settings, too; where these have another default profile, what it judged is judged by the new one. --against recorded takes what was answered then, by an older version or other settings, each by the profile of its record. What changes is told by policy and owner. Where a credential was redacted and nothing could stand in for it, the record says so, and --against recorded leaves that place out and counts it.',
    ],
    exitCodes: {
      0: 'nothing is denied or warned about; with --against: no verdict changes',
      1: 'something is; with --against: verdicts change',
      2: 'wrong use, or not all could be reviewed, or nothing was',
      3: fault,
    },
    examples: [
      'daygate review reviews/',
      'daygate review --against recorded reviews/',
      'daygate review --settings new.yaml --against daygate.yaml reviews/',
      'daygate review -o json reviews/reviews-web-1.jsonl',
    ],
  },
  rollout: {
    notes: [
      'It predicts as if all were enforced, at the present time or on the day of --until, from what exists (--report), from what was asked (--reviews), or both. Changes of objects that exist are let through while they bring nothing new; where settings say grandfatherUntil, that ends, and --until tells what it means.',
      'A policy that the report was not judged by is not known: it is named with the command that would tell, and gives exit code 2. So is what kept the audit from being complete.',
      '--write-exceptions drafts one exception for each object that would be refused. Added to the exceptions of the settings they leave nothing to refuse; each has to have an owner, a reason and an end.',
    ],
    exitCodes: {
      0: 'nothing would be refused',
      1: 'something would be',
      2: 'wrong use, or not all is known',
      3: fault,
    },
    examples: [
      'daygate rollout --report audit.json --profile restricted',
      'daygate rollout --report audit.json --deny forbid-latest-tag',
      'daygate rollout --report audit.json --reviews reviews/ --profile production',
      'daygate rollout --report audit.json --profile production --until 2027-04-01',
    ],
  },
  serve: {
    notes: [
      '--traces sends OTLP over HTTP to where the environment variable OTEL_EXPORTER_OTLP_ENDPOINT says, http://localhost:4318 without it; other OTEL_EXPORTER_OTLP_ variables and OTEL_RESOURCE_ATTRIBUTES count too. --traces 0 takes only the reviews that the API server traces.',
      '--record keeps answered reviews as lines of JSON, for daygate review: without credentials (made-up ones of the same kind stand in), without managedFields and without userInfo.extra. It takes a twentieth of the time at most and counts what it leaves out in daygate_record_reviews_total; the oldest files go where --record-bytes is reached. A full disk is told once, and admission goes on.',
    ],
    exitCodes: {
      0: 'ended by SIGTERM or SIGINT',
      2: 'wrong use',
      3: 'a fault of daygate, or workers that ended again and again',
    },
    examples: [
      'daygate serve --cert /tls/tls.crt --key /tls/tls.key --ca /tls/ca.crt',
      'daygate serve --self-signed --ca-out ca.pem --host 127.0.0.1',
      'daygate serve --cert /tls/tls.crt --key /tls/tls.key --workers auto',
    ],
  },
  settings: {
    examples: [
      'daygate settings --namespace shop -f namespaces.yaml',
      'daygate settings --profile restricted require-replicas',
      'daygate settings --schema > daygate.schema.json',
    ],
  },
  test: {
    exitCodes: { 0: 'all passed', 1: 'some failed', 2: 'a policy cannot be loaded', 3: 'a fault of daygate' },
    examples: ['daygate test policies', 'daygate test -o json policies'],
  },
  types: {
    exitCodes: {
      0: 'printed',
      2: 'something gives no types: then nothing is printed',
      3: 'a fault of daygate',
    },
    examples: [
      'daygate types crds/ > policies/kinds/widgets.ts',
      'kubectl get crd widgets.example.org -o yaml | daygate types -',
    ],
  },
  version: { examples: ['daygate version'] },
};
