import type { z } from "zod";
import { Refusal } from "./refusal.ts";

/** AWS's JSON treats null as absent. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => (value === null ? undefined : value)) as unknown as z.ZodType<
    z.output<Schema> | undefined
  >;
}

/** Bodies whose unknown members are refused (switch `unknownMembers`). */
const strictBodies = new WeakSet<object>();

/** From here on a member of this body that no shape knows is refused. */
export function refuseUnknownMembers(body: unknown): void {
  if (typeof body === "object" && body !== null) strictBodies.add(body);
}

/** Whether unknown members of this body are refused. */
export const isStrict = (body: object): boolean => strictBodies.has(body);

/** Reads a body into its types. What AWS's parser could not have read is a SerializationException. */
export function readShape<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) {
    if (typeof body === "object" && body !== null && strictBodies.has(body)) {
      const stranger = unknownMember(body, parsed.data);
      if (stranger) throw new Refusal("SerializationException", `Unknown member ${stranger}`, 9);
    }
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  throw new Refusal(
    "SerializationException",
    `${pathOf(issue?.path ?? [])}: ${issue?.message ?? "unreadable"}`,
    7,
  );
}

/** A member that was sent and is not in what was understood. */
function unknownMember(sent: unknown, read: unknown, path = ""): string | undefined {
  if (typeof sent !== "object" || sent === null || typeof read !== "object" || read === null)
    return undefined;
  for (const [key, value] of Object.entries(sent)) {
    if (!Object.hasOwn(read, key)) return `${path}/${key.slice(0, 100)}`;
    const deeper = unknownMember(value, (read as Record<string, unknown>)[key], `${path}/${key}`);
    if (deeper) return deeper;
  }
  return undefined;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "The request body" : `/${path.map(String).join("/")}`;
}

/** Parses the text of a body. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("SerializationException", "The request body is not JSON", 7);
  }
}

/** Collects broken constraints and words them as AWS does. */
export class Constraints {
  readonly #broken: string[] = [];
  #rule = "";

  require(holds: boolean, path: string, value: unknown, constraint: string, rule: string | number): void {
    if (holds) return;
    this.#broken.push(`Value ${wordFor(value)} at '${path}' failed to satisfy constraint: ${constraint}`);
    this.#rule ||= String(rule);
  }

  /** Throws AWS's ValidationException when anything was broken. */
  enforce(): void {
    const count = this.#broken.length;
    if (count === 0) return;
    const head = `${count} validation error${count === 1 ? "" : "s"} detected`;
    throw new Refusal("ValidationException", `${head}: ${this.#broken.join("; ")}`, this.#rule);
  }
}

function wordFor(value: unknown): string {
  if (value === undefined) return "null";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `'${text.length > 200 ? `${text.slice(0, 200)}…` : text}'`;
}
