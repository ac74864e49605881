import { expect, test } from "vitest";
import { readableBody } from "./readable-body.ts";

test("small parts stay on one line, large ones break", () => {
  const arn = `arn:${"x".repeat(60)}`;
  expect(readableBody(JSON.stringify({ UsageRecords: [{ Quantity: 18442, LicenseArn: arn }] }))).toBe(`{
  "UsageRecords": [
    {
      "Quantity": 18442,
      "LicenseArn": "${arn}"
    }
  ]
}`);
  expect(readableBody('{"Tags":[{"Key":"team","Value":"blue"}]}')).toBe(
    '{ "Tags": [{ "Key": "team", "Value": "blue" }] }',
  );
});

test("laying out changes nothing but the spaces", () => {
  const body = JSON.stringify({ a: [1, 2, { b: 'q" \n' }], c: {}, d: [], e: null, f: "y".repeat(90) });
  expect(JSON.stringify(JSON.parse(readableBody(body)))).toBe(body);
});

test("a body with thousands of allocations shows its beginning and says so", () => {
  const shares = Array.from({ length: 2500 }, (_, at) => ({ AllocatedUsageQuantity: at }));
  const lines = readableBody(JSON.stringify({ UsageAllocations: shares })).split("\n");
  expect(lines).toHaveLength(49);
  expect(lines.at(-1)).toMatch(/^… 24\d\d more lines/);
});

test("what is no JSON stays as it is", () => {
  expect(readableBody("<html>")).toBe("<html>");
});
