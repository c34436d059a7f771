{{- define "daygate.certs-labels" -}}
{{ include "daygate.labels" . }}
app.kubernetes.io/component: certificates
{{- end }}

{{- /* What the Job and the CronJob run. */}}
{{- define "daygate.certs-job" -}}
ttlSecondsAfterFinished: {{ .ttl }}
backoffLimit: 6
activeDeadlineSeconds: 1800
template:
  metadata:
    labels:
      {{- include "daygate.certs-labels" .root | nindent 6 }}
  spec:
    serviceAccountName: daygate-certs
    automountServiceAccountToken: true
    enableServiceLinks: false
    restartPolicy: Never
    securityContext:
      {{- include "daygate.pod-security" .root | nindent 6 }}
    {{- include "daygate.scheduling" .root | nindent 4 }}
    containers:
      - name: certs
        image: {{ include "daygate.image" .root | quote }}
        imagePullPolicy: {{ .root.Values.image.pullPolicy }}
        args:
          - certs
          - --namespace={{ .root.Release.Namespace }}
          {{- with (fromYaml (include "daygate.settings" .root)).webhook.url }}
          - --name={{ (urlParse .).hostname }}
          {{- end }}
        securityContext:
          {{- include "daygate.container-security" .root | nindent 10 }}
        resources:
          requests: { cpu: 50m, memory: 128Mi, ephemeral-storage: 16Mi }
          limits: { memory: 256Mi, ephemeral-storage: 16Mi }
{{- end }}
