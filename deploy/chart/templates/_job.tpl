{{- /* The spec of a Job that runs a command of daygate with the rights of a service account of its own. */}}
{{- define "daygate.job" -}}
ttlSecondsAfterFinished: {{ .ttl }}
backoffLimit: {{ .retries }}
activeDeadlineSeconds: {{ .seconds }}
template:
  metadata:
    labels:
      {{- include "daygate.labels" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .component }}
  spec:
    serviceAccountName: {{ .account }}
    automountServiceAccountToken: true
    enableServiceLinks: false
    restartPolicy: Never
    securityContext:
      {{- include "daygate.pod-security" .root | nindent 6 }}
    {{- include "daygate.scheduling" .root | nindent 4 }}
    containers:
      - name: {{ .container }}
        image: {{ include "daygate.image" .root | quote }}
        imagePullPolicy: {{ .root.Values.image.pullPolicy }}
        args:
          {{- toYaml .args | nindent 10 }}
        securityContext:
          {{- include "daygate.container-security" .root | nindent 10 }}
        resources:
          requests: { cpu: 50m, memory: 128Mi, ephemeral-storage: 16Mi }
          limits: { memory: 256Mi, ephemeral-storage: 16Mi }
{{- end }}
