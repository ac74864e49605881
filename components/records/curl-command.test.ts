import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlCommand } from "./curl-command.ts";

const FACTS = {
  portal: "http://127.0.0.1:3000",
  secret: "mpk_secret",
  eventId: "0192f0c4-7d1e-7a40-9c55-1f0f3a2b6e01",
  licenseArn: "arn:aws:license-manager::294406891311:license:l-f7c6",
  dimension: "gb_indexed",
  occurredAt: "2026-11-21T14:32:00Z",
};

test("a shell reads the command as one call whose body is one event", () => {
  const words = wordsOf(curlCommand(FACTS));
  expect(words.slice(0, 3)).toEqual([
    "http://127.0.0.1:3000/api/v1/usage",
    "-H",
    "Authorization: Bearer mpk_secret",
  ]);
  expect(JSON.parse(words.at(-1) ?? "")).toEqual({
    events: [
      {
        id: FACTS.eventId,
        licenseArn: FACTS.licenseArn,
        dimension: "gb_indexed",
        quantity: "12.5",
        occurredAt: FACTS.occurredAt,
      },
    ],
  });
});

test("a dimension with a quote in it cannot leave its quotes", () => {
  const words = wordsOf(curlCommand({ ...FACTS, dimension: "it's; echo gone" }));
  expect(JSON.parse(words.at(-1) ?? "").events[0].dimension).toBe("it's; echo gone");
});

test("before a key is made its place says so", () => {
  expect(curlCommand({ ...FACTS, secret: null })).toContain("Bearer YOUR_KEY");
});

/** The words a shell hands to curl, without calling it. */
function wordsOf(command: string): string[] {
  const printed = execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${command}`], {
    encoding: "utf8",
  });
  return printed.split("\0").slice(0, -1);
}
