/** The letter and length of a message with rows, and what a COPY in binary form begins with. */
const START = Buffer.from("d\0\0\0\0PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
/** Memory whose rows are in the database is used again: large buffers are what fills a heap. At most this much waits. */
const MOST_SPARE = 4;
const MOST_SPARE_BYTES = 2 * 1024 * 1024;
const spare: Buffer[] = [];
/** PostgreSQL counts time from here. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const WORD = 2 ** 32;
/** A decimal of this many digits after the point: three of PostgreSQL's digits, which count to 10 000. */
const SCALE = 12;

/**
 * Rows in PostgreSQL's binary COPY form (PostgreSQL: COPY, "Binary Format"): what costs the database most about a row is
 * reading it as text. Begin each row, then write its fields in the order of the columns.
 */
export class CopyRows {
  #bytes: Buffer;
  /** The same memory: numbers are written through it, which is twice as fast as through a Buffer. */
  #view: DataView;
  #at = START.length;

  constructor(expectedBytes: number) {
    const wanted = START.length + 2 + expectedBytes;
    const place = spare.findIndex((bytes) => bytes.length >= wanted);
    this.#bytes = spare.splice(place, place === -1 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(wanted);
    this.#view = viewOf(this.#bytes);
    START.copy(this.#bytes);
  }

  row(fields: number): void {
    this.#room(2);
    this.#view.setInt16(this.#at, fields);
    this.#at += 2;
  }

  null(): void {
    this.#room(4);
    this.#length(-1);
  }

  text(value: string): void {
    this.#room(4 + value.length * 3);
    const length = this.#bytes.write(value, this.#at + 4);
    this.#length(length);
    this.#at += length;
  }

  /** `json` is the text of a JSON value. */
  jsonb(json: string): void {
    this.#room(5 + json.length * 3);
    const length = this.#bytes.write(json, this.#at + 5) + 1;
    this.#length(length);
    this.#bytes[this.#at] = 1; // the form's version
    this.#at += length;
  }

  /** `value` holds one byte a character. */
  bytes(value: string): void {
    this.#room(4 + value.length);
    this.#length(value.length);
    this.#at += this.#bytes.write(value, this.#at, "latin1");
  }

  /** A whole number that a double holds exactly. */
  int8(value: number): void {
    this.#room(12);
    this.#length(8);
    this.#view.setInt32(this.#at, Math.floor(value / WORD));
    this.#view.setUint32(this.#at + 4, value >>> 0);
    this.#at += 8;
  }

  /** A moment in milliseconds since 1970; exact from 1715 to 2285, where a double still holds its microseconds. */
  timestamptz(moment: number): void {
    this.int8((moment - EPOCH_MS) * 1_000);
  }

  /** The UTC day of a moment in milliseconds since 1970. */
  date(moment: number): void {
    this.#room(8);
    this.#length(4);
    this.#view.setInt32(this.#at, Math.floor((moment - EPOCH_MS) / DAY_MS));
    this.#at += 4;
  }

  /** A decimal of 0 or more: its units and its millionths of millionths, both whole and held exactly by a double. */
  numeric(units: number, trillionths: number): void {
    let weight = -1;
    for (let rest = units; rest >= 1; rest = Math.floor(rest / 1e4)) weight++;
    const groups = weight + 4;
    this.#room(12 + groups * 2);
    this.#length(8 + groups * 2);
    this.#view.setInt16(this.#at, groups);
    this.#view.setInt16(this.#at + 2, weight);
    this.#view.setInt32(this.#at + 4, SCALE); // no sign, and how many digits stand after the point
    let at = this.#at + 8 + weight * 2;
    for (let rest = units; rest >= 1; rest = Math.floor(rest / 1e4)) {
      this.#view.setInt16(at, rest % 1e4);
      at -= 2;
    }
    at = this.#at + 10 + weight * 2;
    this.#view.setInt16(at, Math.floor(trillionths / 1e8));
    this.#view.setInt16(at + 2, Math.floor(trillionths / 1e4) % 1e4);
    this.#view.setInt16(at + 4, trillionths % 1e4);
    this.#at = at + 6;
  }

  /** Everything written, ended as COPY wants it, as one message (PostgreSQL: "Message Formats", CopyData). */
  message(): Buffer {
    this.#room(2);
    const end = this.#bytes.writeInt16BE(-1, this.#at);
    this.#view.setInt32(1, end - 1);
    return this.#bytes.subarray(0, end);
  }

  /** Gives the memory back, once the database has answered that it holds the rows. */
  release(): void {
    if (spare.length < MOST_SPARE && this.#bytes.length <= MOST_SPARE_BYTES) spare.push(this.#bytes);
    this.#bytes = Buffer.alloc(0);
  }

  /** How many bytes a field has, before them. */
  #length(bytes: number): void {
    this.#view.setInt32(this.#at, bytes);
    this.#at += 4;
  }

  #room(bytes: number): void {
    const wanted = this.#at + bytes;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
