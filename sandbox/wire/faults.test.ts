import { describe, expect } from "vitest";
import { type OpenSandbox, refusalOf, usageOf } from "../testing/sandbox.ts";
import { test } from "../testing/sandbox-test.ts";

describe("What AWS can do wrong, operation by operation", () => {
  test("an HTML 503, a truncated answer, denied permission, expired credentials, a disabled region", async ({
    sandbox,
  }) => {
    const bought = await sandbox.subscribe();
    const meets = async (fault: string) => {
      await sandbox.faults({ operations: { BatchMeterUsage: { [fault]: { next: 1 } } } });
      const name = await refusalOf(sandbox.batch([usageOf(bought)]));
      return [name, await booked(sandbox)];
    };
    expect(await meets("html503")).toEqual(["SyntaxError", 0]);
    expect(await meets("denied")).toEqual(["AccessDeniedException", 0]);
    expect(await meets("expiredCredentials")).toEqual(["ExpiredTokenException", 0]);
    expect(await meets("disabledRegion")).toEqual(["DisabledApiException", 0]);
    // The answer breaks off in the middle: it is booked, and nobody knows.
    const [truncated, entries] = await meets("truncated");
    expect([truncated !== "nothing went wrong", entries]).toEqual([true, 1]);
    expect((await sandbox.calls("BatchMeterUsage")).items[0]).toMatchObject({ fault: "truncated" });
  });

  test("a fault of one operation leaves the others alone, and its own level goes first", async ({
    sandbox,
  }) => {
    const { registrationToken, productCode: ProductCode } = await sandbox.subscribe();
    await sandbox.faults({ throttle: 1, operations: { ResolveCustomer: { throttle: 0 } } });
    expect(await refusalOf(sandbox.resolve(registrationToken))).toBe("nothing went wrong");
    expect(await refusalOf(sandbox.entitlements({ ProductCode }))).toBe("ThrottlingException");
    await sandbox.faults({ throttle: 0, operations: { GetEntitlements: { error500: 1, latencyMs: 50 } } });
    expect(await refusalOf(sandbox.entitlements({ ProductCode }))).toBe("InternalServiceErrorException");
    expect(await refusalOf(sandbox.resolve(registrationToken))).toBe("nothing went wrong");
    expect(
      (await sandbox.door("PUT", "/_sandbox/faults", { operations: { GetEntitlements: { rain: 1 } } }))
        .status,
    ).toBe(400);
  });
});

async function booked(sandbox: OpenSandbox): Promise<number> {
  return (await sandbox.ledger()).items.length;
}
