import { expect, test } from "vitest";
import { awsAccountText, initialsOf, shortId, shortLicenseArn } from "./identifier.ts";

test("a long id loses its middle, a short one stays whole", () => {
  expect(shortId("7d1f0b52-48e6-4f0a-9a51-02be5510c39a")).toBe("7d1f…c39a");
  expect(shortId("401925538716")).toBe("401925538716");
  expect(shortId("agmt-3xw9k2m4p7q1t1kd")).toBe("agmt-3xw9…t1kd");
});

test("a license is known by the last part of its ARN", () => {
  const arn = "arn:aws:license-manager::294406891311:license:l-f7c6f08b83cc380bef8e4a6734a7fcde";
  expect(shortLicenseArn(arn)).toBe("l-f7c6…fcde");
});

test("an AWS account is written in groups of four", () => {
  expect(awsAccountText("553810027748")).toBe("5538 1002 7748");
});

test("initials come from names and from addresses", () => {
  expect(initialsOf("Ostra Payments")).toBe("OP");
  expect(initialsOf("admin@example.com")).toBe("A");
  expect(initialsOf("Élan van der Meer")).toBe("ÉM");
  expect(initialsOf("")).toBe("");
});
