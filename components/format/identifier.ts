/**
 * A long id with its middle left out: "7d1f0b52-…-02be5510c39a" becomes "7d1f…c39a", an agreement keeps what says its
 * kind: "agmt-3xw9…t1kd". Short ones stay whole.
 */
export function shortId(id: string): string {
  if (id.length <= 14) return id;
  const kind = /^[a-z]{1,6}-/.exec(id)?.[0] ?? "";
  return `${id.slice(0, kind.length + 4)}…${id.slice(-4)}`;
}

/** The part of a license ARN that people recognise, shortened: "l-f7c6…fcde". */
export function shortLicenseArn(arn: string): string {
  const name = arn.slice(arn.lastIndexOf(":") + 1);
  return name.length <= 14 ? name : `${name.slice(0, 6)}…${name.slice(-4)}`;
}

/** An AWS account in groups of four, as people read it aloud: "5538 1002 7748". */
export function awsAccountText(account: string): string {
  return account.replace(/(\d{4})(?=\d)/g, "$1 ");
}

/** Up to two initials for an avatar: "Ostra Payments" is OP, "ines@halyard.example" is I. */
export function initialsOf(name: string): string {
  const words = (name.split("@")[0] ?? "").split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const [first = "", second = ""] = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (first.slice(0, 1) + second.slice(0, 1)).toUpperCase();
}
