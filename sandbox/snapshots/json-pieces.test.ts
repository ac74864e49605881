import { describe, expect, test } from "vitest";
import { jsonPieces } from "./json-pieces.ts";

const STATE = {
  offsetMs: -5,
  tables: { ledger: [{ a: 'x"}]\\', b: null }, { "ключ\u0000": 1.5e3 }], empty: [], calls: [{ text: "[{" }] },
  "ver\\sion": "2",
};
const WHOLE = [
  { member: "offsetMs", value: -5 },
  { member: "tables", value: {} },
  { table: "ledger", value: STATE.tables.ledger[0] },
  { table: "ledger", value: STATE.tables.ledger[1] },
  { table: "calls", value: { text: "[{" } },
  { member: "ver\\sion", value: "2" },
];

describe("A state file", () => {
  test("is read the same wherever it is cut, however it is spaced", () => {
    for (const text of [JSON.stringify(STATE), JSON.stringify(STATE, null, "\t\r\n ")]) {
      for (const size of [1, 2, 3, 7, 1_000]) {
        const chunks = text.match(new RegExp(`.{1,${size}}`, "gsu")) ?? [];
        expect([...jsonPieces(chunks)]).toEqual(WHOLE);
      }
    }
  });

  test("that breaks off, goes on, or is something else is refused in words", () => {
    const whole = JSON.stringify(STATE);
    const read = (text: string) => [...jsonPieces([text])];
    for (let end = 0; end < whole.length; end += 1) expect(() => read(whole.slice(0, end))).toThrow("JSON");
    for (const text of [
      "[]",
      "null",
      '{"tables":[]}',
      '{"tables":{"a":{}}}',
      `${whole}}`,
      '{"a" 1}',
      "{a:1}",
    ])
      expect(() => read(text), text).toThrow("JSON");
    expect(read(' { "tables" : { } } ')).toEqual([{ member: "tables", value: {} }]);
  });
});
