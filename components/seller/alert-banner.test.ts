import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { AlertView } from "#lib/outbox/shapes.ts";
import { AlertBanner } from "./alert-banner.tsx";

test("the worst three stand open, the rest fold behind their count", () => {
  const [open = "", folded = ""] = rendered(5).split("<details>");
  expect(open.match(/<li/g)).toHaveLength(3);
  expect(folded).toContain("2 more");
  expect(folded.match(/<li/g)).toHaveLength(2);
});

test("an alert is told by icon and words, with a full stop before its door", () => {
  expect(rendered(1)).toMatch(/<svg.*<b>Act now:<\/b> 1 record is on hold\. <a .*See the records<\/a>/);
});

test("without alerts nothing is shown", () => {
  expect(rendered(0)).toMatch(/^<div [^>]*><\/div>$/);
});

function rendered(count: number): string {
  const alerts: AlertView[] = Array.from({ length: count }, (_, at) => ({
    id: String(at),
    code: "metering.held",
    subject: "",
    severity: "failed",
    message: "1 record is on hold",
    openedAt: "2026-11-21T14:00:00.000Z",
  }));
  return renderToStaticMarkup(createElement(AlertBanner, { alerts }));
}
