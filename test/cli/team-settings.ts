import { now } from './run-check.ts';

export const later = new Date(now + 100 * 86_400_000).toISOString().slice(0, 10);

/** Settings of a team that uses most of what there is. */
export const settings = `profile: team
enforcement: { default: observe, namespaces: { shop: enforce } }
policies:
  require-replicas: { action: warn, params: { min: 3 } }
  forbid-token-automount: { fix: true, grandfatherUntil: 2030-01-31 }
profiles:
  team:
    extends: baseline
    policies:
      require-memory-limit: deny
      require-replicas: { params: { min: 4 } }
  strict: { extends: restricted, enforcement: enforce }
exemptNamespaces: [kube-system, ops]
exceptions:
  - { policies: [require-replicas], match: { namespace: '{shop,ops}' }, owner: a, reason: b, expires: ${later} }
`;
