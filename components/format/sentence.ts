/** Somebody's words as a sentence of ours: closed with a full stop where they have none. */
export function sentence(words: string): string {
  const trimmed = words.trim();
  return trimmed === "" || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
