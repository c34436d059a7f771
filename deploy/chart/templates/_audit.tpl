{{- define "daygate.audit-labels" -}}
{{ include "daygate.labels" . }}
app.kubernetes.io/component: audit
{{- end }}

{{- define "daygate.audit-selector" -}}
app.kubernetes.io/name: daygate
app.kubernetes.io/component: audit
{{- end }}

{{- /* Arguments of `daygate audit` that all modes share. */}}
{{- define "daygate.audit-args" -}}
- audit
- --settings=/etc/daygate/settings/daygate.yaml
- --cluster={{ .Values.audit.cluster }}
{{- if .Values.ownPolicies.configMap }}
- --policies=/etc/daygate/policies
{{- end }}
{{- if .Values.audit.policyReports }}
- --write-policy-reports
{{- end }}
{{- end }}

{{- /* What goes into the spec of a pod, but for its container's arguments, ports and probes. */}}
{{- define "daygate.audit-pod" -}}
serviceAccountName: daygate-audit
automountServiceAccountToken: true
enableServiceLinks: false
securityContext:
  {{- include "daygate.pod-security" .root | nindent 2 }}
{{- include "daygate.scheduling" .root | nindent 0 }}
containers:
  - name: audit
    image: {{ include "daygate.image" .root | quote }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    {{- .container | nindent 4 }}
    resources:
      {{- toYaml .root.Values.audit.resources | nindent 6 }}
    securityContext:
      {{- include "daygate.container-security" .root | nindent 6 }}
    volumeMounts:
      - name: settings
        mountPath: /etc/daygate/settings
        readOnly: true
      {{- if .root.Values.ownPolicies.configMap }}
      - name: policies
        mountPath: /etc/daygate/policies
        readOnly: true
      {{- end }}
      - name: reports
        mountPath: /var/lib/daygate
volumes:
  - name: settings
    configMap:
      name: daygate-audit
  {{- with .root.Values.ownPolicies.configMap }}
  - name: policies
    configMap:
      name: {{ . }}
  {{- end }}
  - name: reports
    {{- with .root.Values.audit.claim }}
    persistentVolumeClaim:
      claimName: {{ . }}
    {{- else }}
    emptyDir:
      sizeLimit: 256Mi
    {{- end }}
{{- end }}

{{- define "daygate.audit-probes" -}}
ports:
  - name: http
    containerPort: 9090
startupProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 2
  failureThreshold: 30
# Ready with the first report, which takes as long as the cluster is large.
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  httpGet: { path: /livez, port: http }
  periodSeconds: 20
  timeoutSeconds: 10
  failureThreshold: 6
lifecycle:
  # While endpoints are withdrawn the pod is a pod like any other.
  preStop:
    sleep:
      seconds: {{ .Values.preStopSeconds }}
{{- end }}
