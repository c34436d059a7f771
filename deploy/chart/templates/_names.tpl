{{- /* Names are fixed: webhook configurations belong to the cluster, so there is one daygate in it. */}}

{{- define "daygate.selector" -}}
app.kubernetes.io/name: daygate
app.kubernetes.io/component: webhook
{{- end }}

{{- define "daygate.labels" -}}
app.kubernetes.io/name: daygate
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: daygate
owner: {{ .Values.owner | quote }}
cost-center: {{ .Values.costCenter | quote }}
{{- end }}

{{- define "daygate.annotations" -}}
contact: {{ .Values.contact | quote }}
runbook: {{ .Values.runbook | quote }}
{{- end }}

{{- define "daygate.image" -}}
{{- $image := .Values.image }}
{{- if not (or $image.digest $image.tag) }}
{{- fail "image.digest: say which image to run, --set image.digest=sha256:… (or image.tag); docs/install.md tells how to build it" }}
{{- end }}
{{- $image.repository }}{{ with $image.tag }}:{{ . }}{{ end }}{{ with $image.digest }}@{{ . }}{{ end }}
{{- end }}

{{- define "daygate.pod-security" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "daygate.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* Where a pod runs and what it may use, for all pods alike. */}}
{{- define "daygate.scheduling" -}}
priorityClassName: {{ .Values.priorityClassName | quote }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "daygate.certificates-labels" -}}
{{ include "daygate.labels" . }}
app.kubernetes.io/component: certificates
{{- end }}

{{- define "daygate.breakglass-labels" -}}
{{ include "daygate.labels" . }}
app.kubernetes.io/component: breakglass
{{- end }}

{{- /* Where connections of its pods may lead. */}}
{{- define "daygate.to-api-server" -}}
- to:
    {{- range .Values.networkPolicy.apiServer.cidrs }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
  ports:
    {{- range .Values.networkPolicy.apiServer.ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}
