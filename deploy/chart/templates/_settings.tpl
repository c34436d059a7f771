{{- /*
The settings as YAML: of settingsFile or of settings, with the place this release gives daygate. What only `check`
reads is left out; own policies come from ownPolicies.configMap.
*/}}
{{- define "daygate.settings" -}}
{{- $settings := .Values.settings }}
{{- with .Values.settingsFile }}
{{- $settings = fromYaml . }}
{{- with $settings.Error }}{{ fail (printf "settingsFile: %s" .) }}{{ end }}
{{- end }}
{{- $settings = omit $settings "render" "crds" "policyFolders" }}
{{- /* Helm reads YAML 1.1, where `off` is false. */}}
{{- $tables := list (default dict $settings.policies) }}
{{- range default dict $settings.profiles }}{{ $tables = append $tables (default dict .policies) }}{{ end }}
{{- range $table := $tables }}
{{- range $id, $policy := $table }}
{{- if kindIs "bool" $policy }}{{ $_ := set $table $id (ternary $policy "off" $policy) }}{{ end }}
{{- if and (kindIs "map" $policy) (kindIs "bool" (get $policy "action")) }}{{ $_ := set $policy "action" "off" }}{{ end }}
{{- end }}
{{- end }}
{{- $webhook := merge (dict "namespace" .Release.Namespace "service" "daygate") (default dict $settings.webhook) }}
{{- toYaml (merge (dict "webhook" $webhook) $settings) }}
{{- end }}

{{- /* Whether admission looks at other objects: then its pods talk to the API server. */}}
{{- define "daygate.watches" -}}
{{- if eq (default "none" (fromYaml (include "daygate.settings" .)).facts) "cluster" }}yes{{ end }}
{{- end }}

{{- /*
Why the rules that ship do not fit these settings, or nothing. Parameters, exceptions and policies that are switched off
change no rule that is needed; everything named here can.
*/}}
{{- define "daygate.settings-that-change-rules" -}}
{{- $settings := fromYaml (include "daygate.settings" .) }}
{{- $found := list }}
{{- range $key := list "profiles" "workloads" }}
{{- if index $settings $key }}{{ $found = append $found (printf "settings.%s" $key) }}{{ end }}
{{- end }}
{{- if ne (default "production" $settings.profile) "production" }}{{ $found = append $found "settings.profile" }}{{ end }}
{{- if not (kindIs "string" (default "enforce" $settings.enforcement)) }}{{ $found = append $found "settings.enforcement" }}{{ end }}
{{- range $id, $policy := default dict $settings.policies }}
{{- $action := ternary (get (ternary $policy dict (kindIs "map" $policy)) "action") $policy (kindIs "map" $policy) }}
{{- $fixes := and (kindIs "map" $policy) (get (ternary $policy dict (kindIs "map" $policy)) "fix") }}
{{- if or $fixes (and $action (ne $action "off")) }}{{ $found = append $found (printf "settings.policies.%s" $id) }}{{ end }}
{{- end }}
{{- if .Values.ownPolicies.configMap }}{{ $found = append $found "ownPolicies.configMap" }}{{ end }}
{{- join ", " $found }}
{{- end }}
