/** What an API key may do (docs: README). */
export const SCOPES = [
  "usage:write",
  "usage:read",
  "usage:retry",
  "licenses:read",
  "catalog:read",
  "catalog:write",
  "sandbox:clock",
] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(word: string): word is Scope {
  return SCOPES.some((scope) => scope === word);
}
