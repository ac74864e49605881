import { raw } from "hono/html";

const PATHS = {
  stall:
    "M2.5 6.5v7h11v-7M1.8 4.5 3 2.2h10l1.2 2.3c0 2.6-3.1 2.7-3.1.4 0 2.2-3.1 2.2-3.1 0 0 2.2-3.1 2.2-3.1 0 0 2.3-3.1 2.2-3.1-.4ZM6.5 13.5v-4h3v4",
  onward: "m6 3.5 4.5 4.5L6 12.5",
  flask: "M6 2h4M6.8 2v4L2.8 12.6a.9.9 0 0 0 .8 1.4h8.8a.9.9 0 0 0 .8-1.4L9.2 6V2M4.6 10h6.8",
  tick: "m3 8.5 3.2 3.2L13 4.8",
  plus: "M8 3v10M3 8h10",
  forward: "m2.5 3.5 5 4.5-5 4.5ZM8.5 3.5l5 4.5-5 4.5Z",
  copy: "M5.5 7a1.5 1.5 0 0 1 1.5-1.5h5A1.5 1.5 0 0 1 13.5 7v5a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 12ZM10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2",
  warning: "M8 2.2 14.2 13H1.8ZM8 6.4v3.2M8 11.3v.2",
} as const;

export type IconName = keyof typeof PATHS;

/** A decorative line icon; the words beside it carry the meaning. */
export function icon(name: IconName) {
  return raw(`<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`);
}

const PICTURES = [
  '<rect width="56" height="56" rx="14" class="p-bg"/><path d="M28 13 42 21v15L28 44 14 36V21Z" class="p-a"/><path d="m14 21 14 8 14-8M28 29v15" class="p-b"/>',
  '<rect width="56" height="56" rx="14" class="p-bg2"/><path d="M12 20h14a6 6 0 0 1 0 12h-2a6 6 0 0 0 0 12h20" class="p-b"/><circle cx="44" cy="20" r="4" class="p-a"/>',
  '<rect width="56" height="56" rx="14" class="p-bg3"/><circle cx="26" cy="25" r="11" class="p-a"/><path d="m34.5 33.5 8.5 8.5" class="p-b"/>',
].map((shapes) => raw(`<svg viewBox="0 0 56 56" aria-hidden="true">${shapes}</svg>`));

/** The picture of a product on sale, by its place on the shelf. */
export const productPicture = (place: number) => PICTURES[place % PICTURES.length] ?? "";

/** The striped edge of the awning. */
export const scallops = raw(
  '<svg class="scallop" aria-hidden="true" width="100%" height="20"><defs><pattern id="sc" width="48" height="20" patternUnits="userSpaceOnUse"><path d="M0 0h24v8a12 12 0 0 1-24 0Z" class="sc-a"/><path d="M24 0h24v8a12 12 0 0 1-24 0Z" class="sc-b"/></pattern></defs><rect width="100%" height="20" fill="url(#sc)"/></svg>',
);
