import { expect, test } from "vitest";
import { recordStep } from "./record-step.ts";

const NOW = "2026-11-21T14:32:00Z";

test("a waiting record says why it waits and when it goes again", () => {
  const left = { code: "unprocessed", message: "AWS left it for later." };
  const step = recordStep(record({ attempts: 1, reason: left, nextAttemptAt: "2026-11-21T14:33:00Z" }), NOW);
  expect(step).toBe("AWS left it for later; again 14:33");
});

test("a reason that is met daily takes few words", () => {
  const reason = { code: "Unprocessed", message: "AWS left this record unprocessed." };
  const step = recordStep(record({ attempts: 1, reason, nextAttemptAt: "2026-11-21T14:33:00Z" }), NOW);
  expect(step).toBe("Left unprocessed; again 14:33");
});

test("a record that was never tried only says when it goes", () => {
  expect(recordStep(record({ nextAttemptAt: NOW }), NOW)).toBe("Next attempt within seconds");
});

test("a billed record shows its receipt, a refused one AWS's reason", () => {
  expect(recordStep(record({ state: "accepted", meteringRecordId: "b8e41d07" }), NOW)).toBe(
    "Receipt b8e41d07",
  );
  const long = "b8e41d07-2c11-4a5e-9d0f-6a1f0c55e2aa";
  expect(recordStep(record({ state: "accepted", meteringRecordId: long }), NOW)).toBe("Receipt b8e4…e2aa");
  const reason = { code: "CustomerNotSubscribed", message: "License not yet subscribed" };
  expect(recordStep(record({ state: "rejected", reason }), NOW)).toBe("License not yet subscribed");
});

function record(facts: Partial<Parameters<typeof recordStep>[0]>) {
  return {
    state: "sealed" as const,
    nextAttemptAt: null,
    attempts: 0,
    meteringRecordId: null,
    reason: null,
    ...facts,
  };
}
