/** Draws: from 0 up to 1. */
export type Draw = () => number;

/** A repeatable stream of draws. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of these. */
export function pick<Value>(draw: Draw, values: readonly Value[]): Value {
  const value = values[Math.floor(draw() * values.length)];
  if (value === undefined && values.length === 0) throw new Error("nothing to pick from");
  return value as Value;
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2_147_483_648,
  Number.MAX_SAFE_INTEGER,
  "",
  " ",
  "\u0000",
  "💸".repeat(40),
  "x".repeat(5_000),
  "'; DROP TABLE ledger; --",
  "../../../etc/passwd",
  "<script>alert(1)</script>",
  "__proto__",
  [],
  [null],
  [[[[]]]],
  {},
  { __proto__: null, constructor: 1 },
  { toString: "x" },
];

/** A JSON value with something wrong in it: a member replaced, left out, added, or repeated many times. */
export function mutate(draw: Draw, value: unknown): unknown {
  if (draw() < 0.12) return pick(draw, STRANGE);
  if (Array.isArray(value)) {
    if (value.length === 0 || draw() < 0.15)
      return Array.from({ length: Math.floor(draw() * 60) }, () => value[0] ?? null);
    const at = Math.floor(draw() * value.length);
    return value.map((each, index) => (index === at ? mutate(draw, each) : each));
  }
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value);
    const name = names.length === 0 ? "x" : pick(draw, names);
    if (draw() < 0.2) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
    if (draw() < 0.2)
      return { ...value, [pick(draw, ["__proto__", "Extra", "", name.toUpperCase()])]: pick(draw, STRANGE) };
    return { ...value, [name]: mutate(draw, (value as Record<string, unknown>)[name]) };
  }
  return pick(draw, STRANGE);
}

/** Text with something wrong in it: cut off, with a byte changed, or repeated. */
export function garble(draw: Draw, text: string): string {
  const at = Math.floor(draw() * text.length);
  const kind = draw();
  if (kind < 0.4) return text.slice(0, at);
  if (kind < 0.8)
    return text.slice(0, at) + String.fromCharCode(Math.floor(draw() * 300)) + text.slice(at + 1);
  return text + text;
}
