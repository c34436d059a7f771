import {
  definePolicy,
  list,
  property,
  text,
  type APIService,
  type ValidatingWebhookConfiguration,
} from '#sdk';
import { z } from 'zod';

export default definePolicy({
  id: 'forbid-insecure-api-service',
  category: 'network',
  title: 'Forbid API extensions without verified TLS',
  severity: 'high',
  target: 'object',
  kinds: ['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  profiles: { baseline: 'deny' },
  params: z.strictObject({}),
  messages: {
    skipped: 'The APIService {name} does not verify who answers: insecureSkipTLSVerify is true.',
    plainText: 'The webhook {webhook} of {kind} {name} is called without TLS.',
  },
  why: 'Whoever gets between the API server and its extension reads the requests with the credentials in them, and answers in its name.',
  remediation: {
    skipped: 'Set spec.caBundle to the CA of the certificate, and take insecureSkipTLSVerify out.',
    plainText: 'Give the webhook an https address, and set caBundle to the CA of its certificate.',
  },
  references: [
    'https://kubernetes.io/docs/reference/kubernetes-api/apiregistration/api-service-v1/',
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook',
  ],
  validate({ object, kind, at }, { report }) {
    if (kind.kind === 'APIService') {
      const { spec } = object as APIService;
      // Without a service the API server answers itself.
      if (spec?.insecureSkipTLSVerify !== true || spec.service == null) return;
      report({ message: 'skipped', at: at('spec', 'insecureSkipTLSVerify') });
      return;
    }
    list((object as ValidatingWebhookConfiguration).webhooks).forEach((webhook, index) => {
      const url = text(property(property(webhook, 'clientConfig'), 'url')) ?? '';
      if (!/^http:/i.test(url)) return;
      const place = at('webhooks', index, 'clientConfig', 'url');
      report({ message: 'plainText', at: place, data: { webhook: text(property(webhook, 'name')) ?? '' } });
    });
  },
});
