import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** A CloudTrail event is at most 256 kB; anything much longer is no CloudTrail file. */
const MOST_CHARACTERS = 8 * 1024 * 1024;
const WRAPPERS = new Set(['"Records"', '"Events"']);

export class NotATrail extends Error {}

/**
 * Reads the events of a CloudTrail file one by one, never the whole: a log file (`{"Records": […]}`), an answer of
 * LookupEvents (`{"Events": […]}`), an array, or one event a line; gzipped or not. Throws NotATrail for anything else.
 */
export async function* readTrail(source: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  const scan = new EventScanner();
  const decoder = new TextDecoder();
  for await (const chunk of unzipped(source)) {
    for (const text of scan.feed(decoder.decode(chunk, { stream: true }))) yield* eventsOf(text);
  }
  scan.finish();
}

function* eventsOf(text: string): Generator<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new NotATrail("the file is not JSON", { cause: error });
  }
  const wrapped = value as { Records?: unknown; Events?: unknown };
  const inside = wrapped.Records ?? wrapped.Events;
  if (Array.isArray(inside)) yield* inside;
  else yield value;
}

/** Gzip is told by its first two bytes. */
async function* unzipped(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const parts = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const part = await parts.next();
    if (part.done) break;
    head = Buffer.concat([head, part.value]);
  }
  const whole = (async function* () {
    yield head;
    for (let part = await parts.next(); !part.done; part = await parts.next()) yield part.value;
  })();
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  const piped = pipeline(Readable.from(whole), gunzip).catch((error: unknown) => {
    throw new NotATrail("the file is not whole gzip", { cause: error });
  });
  piped.catch(() => undefined); // it is awaited below, after what could be read
  try {
    for await (const part of gunzip) yield part as Buffer;
  } catch (error) {
    throw new NotATrail("the file is not whole gzip", { cause: error });
  }
  await piped;
}

/** Cuts a stream of JSON into its events, by brackets and strings alone. */
class EventScanner {
  private stack = "";
  private inString = false;
  private escaped = false;
  /** The event so far, from its opening bracket. */
  private event = "";
  /** How many brackets stand around an event; -1 until the first key of the root object tells. */
  private around = -1;

  *feed(text: string): Generator<string> {
    let from = this.event === "" ? -1 : 0;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at] ?? "";
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (sign === "\\") this.escaped = true;
        else if (sign === '"') this.inString = false;
        continue;
      }
      if (this.stack === "" && !"{[]} \t\r\n\ufeff".includes(sign))
        throw new NotATrail("the file is not JSON");
      if (sign === '"') this.inString = true;
      else if (sign === "{" || sign === "[") {
        if (from < 0 && sign === "{" && this.isEventPlace()) from = at;
        this.stack += sign;
      } else if (sign === "}" || sign === "]") {
        this.close(sign);
        if (from >= 0 && this.stack.length === Math.max(0, this.around)) {
          yield this.event + text.slice(from, at + 1);
          this.event = "";
          from = -1;
        }
        if (this.stack === "") this.around = -1;
      } else if (sign === ":" && this.around < 0 && this.stack === "{") {
        const key = (this.event + text.slice(Math.max(0, from), at)).slice(1).trim();
        this.around = WRAPPERS.has(key) ? 2 : 0;
        if (this.around === 2) {
          from = -1;
          this.event = "";
        }
      }
    }
    if (from >= 0) this.event += text.slice(from);
    if (this.event.length > MOST_CHARACTERS) throw new NotATrail("an event of the file is too long");
  }

  /** Throws when the file ended in the middle. */
  finish(): void {
    if (this.stack !== "" || this.inString) throw new NotATrail("the file ends in the middle");
  }

  /** Whether an object that opens here is an event, or the root that may hold events. */
  private isEventPlace(): boolean {
    if (this.stack === "") return true;
    if (this.stack === "[") {
      this.around = 1;
      return true;
    }
    return this.around === 2 && this.stack === "{[";
  }

  private close(sign: string): void {
    const open = this.stack.at(-1);
    if (open !== (sign === "}" ? "{" : "[")) throw new NotATrail("the file is not JSON");
    this.stack = this.stack.slice(0, -1);
  }
}
