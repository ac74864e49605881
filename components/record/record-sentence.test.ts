import { expect, test } from "vitest";
import { recordSentence } from "./record-sentence.ts";

const NOW = "2026-11-21T14:32:00Z";

test("a refused record says how long it can still be billed, why, and when it goes again", () => {
  const { title, detail } = recordSentence(
    record({
      state: "rejected",
      attempts: 3,
      reason: { code: "CustomerNotSubscribed", message: "AWS does not see this license as subscribed" },
      nextAttemptAt: "2026-11-21T15:05:00Z",
    }),
    NOW,
  );
  expect(title).toBe("AWS refused this record; it can still be billed for 5 h 28 min");
  expect(detail).toBe(
    "AWS does not see this license as subscribed. The same bytes go out again at 15:05 UTC.",
  );
});

test("a record that was never tried says so, and a due one goes within seconds", () => {
  const { title, detail } = recordSentence(record({ state: "sealed", nextAttemptAt: NOW }), NOW);
  expect(title).toBe("Waiting for its first attempt; it can still be billed for 5 h 28 min");
  expect(detail).toBe("The hour is closed and frozen. The same bytes go out within seconds.");
});

test("a record AWS left for later is waiting, not failed", () => {
  const { title } = recordSentence(record({ state: "sealed", attempts: 1 }), NOW);
  expect(title).toBe("AWS has not billed this record yet; it can still be billed for 5 h 28 min");
});

test("between its aim and its last call a record is still tried", () => {
  const late = record({ state: "rejected", aim: "2026-11-21T14:30:00Z", lastCall: "2026-11-21T15:10:00Z" });
  expect(recordSentence(late, NOW).title).toBe(
    "AWS refused this record; AWS may say too late; it is still tried for 38 min",
  );
});

test("a billed record names the quantity AWS holds", () => {
  expect(recordSentence(record({ state: "accepted", quantity: "18442" }), NOW).title).toBe(
    "Billed: AWS holds 18,442 for this hour",
  );
});

test("an expired record says when its window closed", () => {
  const expired = record({ state: "expired", lastCall: "2026-11-20T13:10:00Z" });
  expect(recordSentence(expired, NOW).title).toBe("Too late: AWS’s window closed on 20 Nov 13:10 UTC");
});

test("what people settled says by whose word, and where its units went", () => {
  const by = (code: string) => ({ code, message: "Not in CloudTrail of that hour" });
  const back = recordSentence(record({ state: "written_off", reason: by("NotBilled") }), NOW);
  expect(back.title).toBe("AWS did not bill this record; its units went back to their series");
  expect(back.detail).toMatch(/^Not in CloudTrail of that hour\. Two people said so\./);
  expect(recordSentence(record({ state: "written_off", reason: by("Moved") }), NOW).title).toMatch(/^Moved:/);
  expect(recordSentence(record({ state: "accepted", reason: by("SettledByHand") }), NOW).detail).toMatch(
    /^A person brought AWS’s receipt: Not in CloudTrail of that hour\./,
  );
});

test("a record on hold whose window has closed waits for a person, and says where its units would go", () => {
  const held = record({ state: "held", lastCall: NOW });
  expect(recordSentence(held, NOW)).toMatchObject({
    title: "On hold; AWS’s window has closed",
    detail: expect.stringContaining("Released, its units go into the next hour"),
  });
});

test("no state is left without a sentence", () => {
  for (const state of ["open", "submitting", "unconfirmed", "held", "written_off"] as const) {
    const { title, detail } = recordSentence(record({ state }), NOW);
    expect(title).not.toBe("");
    expect(detail).toMatch(/\.$/);
  }
});

function record(facts: Partial<Parameters<typeof recordSentence>[0]>) {
  return {
    state: "sealed" as const,
    quantity: "12",
    aim: "2026-11-21T20:00:00Z",
    lastCall: "2026-11-21T21:10:00Z",
    nextAttemptAt: null,
    attempts: 0,
    meteringRecordId: null,
    reason: null,
    ...facts,
  };
}
