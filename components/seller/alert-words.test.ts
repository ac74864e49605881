import { expect, test } from "vitest";
import { alertDoor, grave } from "./alert-words.ts";

test("an alert leads to where a person sees to it", () => {
  expect(alertDoor({ code: "metering.held", subject: "" })?.href).toBe("/admin/metering/records?state=held");
  expect(alertDoor({ code: "metering.paused", subject: "" })?.href).toBe("/admin#system");
  expect(alertDoor({ code: "metering.paused", subject: "prod-1" })?.href).toBe("/admin/products#prod-1");
  expect(alertDoor({ code: "usage.refused", subject: "" })?.href).toBe("/admin/metering/refused");
});

test("an alert that nothing in the portal can end leads nowhere", () => {
  expect(alertDoor({ code: "worker.silent", subject: "" })).toBeNull();
});

test("what only asks for a look soon is not grave", () => {
  const alerts = (["failed", "danger", "soon"] as const).map((severity) => ({ severity }));
  expect(grave(alerts)).toEqual([{ severity: "failed" }, { severity: "danger" }]);
});
