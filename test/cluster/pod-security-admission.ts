/** What Pod Security admission said: the names of the violated controls, without the containers and values. */
import { isRecord, property } from '#sdk';
import type { ApiAnswer } from './api-client.ts';

const words =
  /violates PodSecurity "[^"]*": (?<violations>.*)$|would violate PodSecurity "[^"]*": (?<warned>.*)$/s;

/**
 * The controls that a refusal or a warning names, sorted; none where the object was taken without one; undefined
 * where the API server refused it for another reason, before Pod Security was asked.
 */
export function violatedControls({ status, body, warnings }: ApiAnswer): readonly string[] | undefined {
  const said = [String(property(body, 'message')), ...warnings]
    .map((text) => words.exec(text)?.groups)
    .map((groups) => groups?.['violations'] ?? groups?.['warned'])
    .find((text) => text !== undefined);
  if (said !== undefined) return splitReasons(said);
  if (status === 200 || status === 201) return [];
  if (isRecord(body) && (status === 400 || status === 422)) return undefined;
  throw new Error(`the API server answers ${status}: ${JSON.stringify(body).slice(0, 500)}`);
}

/** `a (detail, "x, y"), b (detail)` names a and b. */
function splitReasons(text: string): readonly string[] {
  const reasons: string[] = [];
  let reason = '';
  let depth = 0;
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '(') depth++;
    else if (!quoted && character === ')') depth--;
    else if (!quoted && depth === 0 && character === ',') {
      reasons.push(reason);
      reason = '';
    } else if (depth === 0) reason += character;
  }
  // One or several profiles make no difference here.
  return [...reasons, reason].map((item) => item.trim().replace(/profiles$/, 'profile')).sort();
}
