/**
 * Every way a secret might stand in a text: as it is, URL-encoded, as hexadecimal, and in base64 at each of the three
 * places it can have in a longer text.
 */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = encodeURIComponent(secret);
  const base64 = [0, 1, 2].flatMap((place) => {
    const standard = base64At(bytes, place);
    return [standard, standard.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (sign) => sign.toLowerCase());
  const asForm = new URLSearchParams({ "": secret }).toString().slice(1);
  return [...new Set([secret, encoded, lower, asForm, bytes.toString("hex"), ...base64])];
}

/** The characters of base64 that depend on these bytes alone when `place` other bytes stand before them. */
function base64At(bytes: Buffer, place: number): string {
  const whole = Buffer.concat([Buffer.alloc(place), bytes]);
  return whole.toString("base64").slice(Math.ceil((place * 8) / 6), Math.floor((whole.length * 8) / 6));
}
