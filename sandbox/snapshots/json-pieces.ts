/** A part of a state file: a member of its own, or one row of a table. `value` is parsed. */
export type Piece = { member: string; value: unknown } | { table: string; value: unknown };

/** The file is no JSON, or not of the shape of a state file. Its message is a sentence for people. */
export class NotAState extends Error {}

/** A row holds one call of the wire at most, with its answer: this is far more. */
const LONGEST_PIECE = 32_000_000;
const STRUCTURE = /["{}[\]]/g;
const STRING_END = /["\\]/g;

/**
 * Reads a state file piece by piece, in whatever order its members stand: it is never in memory as a whole. The value
 * of `tables` is an object of arrays; everything beside it is handed over as it stands.
 */
export function* jsonPieces(chunks: Iterable<string>): Generator<Piece> {
  const text = new Reading(chunks);
  for (const member of members(text)) {
    if (member !== "tables") {
      yield { member, value: text.value() };
      continue;
    }
    yield { member, value: {} };
    for (const table of members(text)) for (const _ of elements(text)) yield { table, value: text.value() };
  }
  if (text.peek() !== "") throw new NotAState("The body is not JSON");
}

/** Goes through an object; after each name the caller reads the value. */
function* members(text: Reading): Generator<string> {
  text.take("{");
  if (text.takeIf("}")) return;
  do {
    const name = text.value();
    if (typeof name !== "string") throw new NotAState("The body is not JSON");
    text.take(":");
    yield name;
  } while (text.takeIf(","));
  text.take("}");
}

/** Goes through an array; at each element the caller reads the value. */
function* elements(text: Reading): Generator<void> {
  text.take("[");
  if (text.takeIf("]")) return;
  do yield;
  while (text.takeIf(","));
  text.take("]");
}

/** A text that comes in chunks, and the place that was read up to. */
class Reading {
  readonly #chunks: Iterator<string>;
  #text = "";
  #at = 0;

  constructor(chunks: Iterable<string>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** The next character that is no white space; empty at the end. */
  peek(): string {
    for (;;) {
      while (this.#at < this.#text.length) {
        const character = this.#text[this.#at] ?? "";
        if (!" \n\r\t".includes(character)) return character;
        this.#at += 1;
      }
      if (!this.#more()) return "";
    }
  }

  takeIf(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  take(character: string): void {
    if (!this.takeIf(character)) throw new NotAState("The body is not the JSON of a state file");
  }

  /** The value that begins here, whatever it is. */
  value(): unknown {
    const first = this.peek();
    const length = first === '"' ? this.#stringEnd(1) : "{[".includes(first) ? this.#end() : this.#wordEnd();
    const piece = this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
    try {
      return JSON.parse(piece);
    } catch {
      throw new NotAState("The body is not JSON");
    }
  }

  /** Where the object or array that begins here ends, counted from here. */
  #end(): number {
    let depth = 0;
    let offset = 0;
    for (;;) {
      const found = this.#find(STRUCTURE, offset);
      offset = found + 1;
      const character = this.#text[this.#at + found] ?? "";
      if (character === '"') offset = this.#stringEnd(offset);
      else depth += "{[".includes(character) ? 1 : -1;
      if (depth === 0) return offset;
    }
  }

  /** Where the string ends whose first quote stands just before this offset. */
  #stringEnd(from: number): number {
    let offset = from;
    for (;;) {
      const found = this.#find(STRING_END, offset);
      if (this.#text[this.#at + found] === '"') return found + 1;
      offset = found + 2;
    }
  }

  #wordEnd(): number {
    let length = 0;
    for (;;) {
      while (this.#at + length < this.#text.length) {
        if (" \n\r\t,}]:".includes(this.#text[this.#at + length] ?? "")) return length;
        length += 1;
      }
      if (!this.#more()) return length;
    }
  }

  /** The next place of one of these characters, counted from where we are. */
  #find(what: RegExp, from: number): number {
    let offset = from;
    for (;;) {
      what.lastIndex = this.#at + offset;
      const found = what.exec(this.#text);
      if (found) return found.index - this.#at;
      offset = Math.max(offset, this.#text.length - this.#at);
      if (!this.#more()) throw new NotAState("The body is not JSON: it breaks off");
    }
  }

  #more(): boolean {
    const next = this.#chunks.next();
    if (next.done) return false;
    if (this.#text.length - this.#at > LONGEST_PIECE) throw new NotAState("A row of the body is too long");
    this.#text = this.#text.slice(this.#at) + next.value;
    this.#at = 0;
    return true;
  }
}
