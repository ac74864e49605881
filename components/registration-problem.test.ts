import { expect, test } from "vitest";
import { registrationExplanationPage, registrationProblemPage } from "./registration-problem.ts";

const REASONS = [
  "token_missing",
  "token_invalid",
  "token_expired",
  "aws_unreachable",
  "set_up_broken",
  "failed_here",
] as const;

test("every problem says not to subscribe again and how to come back", () => {
  for (const reason of REASONS) {
    const page = registrationProblemPage({ reason });
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain("please do not subscribe again");
    expect(page).toContain("Set up your account");
    expect(page.match(/<h1>/g)).toHaveLength(1);
  }
});

test("an expired link names itself", () => {
  expect(registrationProblemPage({ reason: "token_expired" })).toContain(
    "<h1>This set-up link has expired</h1>",
  );
});

test("the way to AWS is offered where it is known", () => {
  const marketplace = "https://console.aws.amazon.com/marketplace/home#/subscriptions";
  expect(registrationProblemPage({ reason: "token_expired", marketplace })).toContain(
    `href="${marketplace}"`,
  );
  expect(registrationProblemPage({ reason: "token_expired" })).not.toContain("Open Manage subscriptions");
});

test("a product's name cannot bring markup along", () => {
  const page = registrationProblemPage({ reason: "token_invalid", productName: "<script>x</script>" });
  expect(page).not.toContain("<script>");
  expect(page).toContain("&lt;script&gt;");
});

test("opening the address by hand explains it", () => {
  expect(registrationExplanationPage()).toContain("AWS brings you here after you subscribe");
});
