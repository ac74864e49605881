/** Small parts of a body stay on one line. */
const LINE = 64;
/** A record may carry 2,500 allocations: a page shows the first of them, the copy takes all. */
const MOST_LINES = 48;

/** A JSON body laid out for reading. What is copied and sent is the body itself. */
export function readableBody(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body;
  }
  const lines = laidOut(value, "").split("\n");
  const hidden = lines.length - MOST_LINES;
  if (hidden <= 1) return lines.join("\n");
  return [...lines.slice(0, MOST_LINES), `… ${hidden} more lines; Copy takes them all`].join("\n");
}

function laidOut(value: unknown, indent: string): string {
  const line = onOneLine(value);
  if (line.length <= LINE || typeof value !== "object" || value === null) return line;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((part) => deeper + laidOut(part, deeper)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([name, part]) => `${deeper}${JSON.stringify(name)}: ${laidOut(part, deeper)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${onOneLine(part)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
