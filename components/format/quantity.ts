// Quantities are decimal strings and stay strings: AWS bills them, so no float ever touches them.

/** "18441.85" becomes "18,441.85": thousands are grouped, decimals stay exactly as they are. */
export function quantityText(quantity: string): string {
  const [whole = "", decimals] = quantity.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** The same quantities with as many decimals as the longest of them, so that they line up: "1.6" beside "1.75" is "1.60", "12.0" beside "3" is "12". */
export function alike(...given: string[]): string[] {
  const quantities = given.map((quantity) => sumOf(quantity));
  const scale = Math.max(...quantities.map(decimalsOf));
  return quantities.map((quantity) => {
    const missing = scale - decimalsOf(quantity);
    return missing === 0 ? quantity : `${quantity}${scale === missing ? "." : ""}${"0".repeat(missing)}`;
  });
}

/** The exact sum of decimal strings, without needless zeros at the end. */
export function sumOf(...quantities: string[]): string {
  const scale = Math.max(...quantities.map(decimalsOf));
  const total = quantities.reduce((sum, quantity) => sum + scaled(quantity, scale), 0n);
  return unscaled(total, scale);
}

/** What share of the whole a part is, in percent with one decimal: for the length of a bar only. */
export function sharePercent(part: string, whole: string): number {
  const scale = Math.max(decimalsOf(part), decimalsOf(whole));
  const divisor = scaled(whole, scale);
  return divisor === 0n ? 0 : Number((scaled(part, scale) * 1000n) / divisor) / 10;
}

/** Whether a decimal string is nought, however it is written. */
export function isNought(quantity: string): boolean {
  return /^-?0*(\.0*)?$/.test(quantity);
}

/** "1 record", "2,316 records" */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${quantityText(String(count))} ${count === 1 ? one : many}`;
}

function decimalsOf(quantity: string): number {
  return quantity.split(".")[1]?.length ?? 0;
}

function scaled(quantity: string, scale: number): bigint {
  const [whole = "0", decimals = ""] = quantity.split(".");
  return BigInt(whole + decimals.padEnd(scale, "0"));
}

function unscaled(value: bigint, scale: number): string {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const decimals = scale === 0 ? "" : digits.slice(-scale).replace(/0+$/, "");
  return sign + (decimals === "" ? whole : `${whole}.${decimals}`);
}

/** A size on disk in three figures at most: "812 kB", "3.1 GB". */
export function bytesText(bytes: string): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = Number(bytes);
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
