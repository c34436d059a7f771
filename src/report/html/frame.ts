import type { RenderContext } from '../render-context.ts';
import { markup, raw, type Markup } from './markup.ts';

// Not in the tagged template: a bundler rewrites one that holds the end of a script, and asks for a package to do so.
function scriptTag(script: string): Markup {
  return raw(`<script>${script}</script>`);
}

/** The frame of a page: what may run and be loaded is our own style and script, by their digests. */
export function page(
  title: string,
  body: Markup,
  { style, script }: { readonly style: string; readonly script: string },
  { sha256 }: Pick<RenderContext, 'sha256'>,
): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${sha256(style, 'base64')}'`,
    `script-src 'sha256-${sha256(script, 'base64')}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
${body}
${scriptTag(script)}
</body>
</html>
`.markup;
}
