export type CurlFacts = {
  /** The portal's own address, without a slash at the end. */
  portal: string;
  /** Null: the key is not made yet, or was shown before. */
  secret: string | null;
  eventId: string;
  licenseArn: string;
  dimension: string;
  /** RFC 3339 UTC. */
  occurredAt: string;
};

/** The command that sends one usage event, ready to be pasted into a shell. */
export function curlCommand(facts: CurlFacts): string {
  const event = JSON.stringify(
    {
      id: facts.eventId,
      licenseArn: facts.licenseArn,
      dimension: facts.dimension,
      quantity: "12.5",
      occurredAt: facts.occurredAt,
    },
    null,
    2,
  )
    .split("\n")
    .slice(1, -1)
    .map((line) => `  ${line}`)
    .join("\n");
  return `curl ${facts.portal}/api/v1/usage \\
  -H ${quoted(`Authorization: Bearer ${facts.secret ?? "YOUR_KEY"}`)} \\
  -H 'Content-Type: application/json' \\
  -d ${quoted(`{ "events": [ {\n${event} } ] }`)}`;
}

/** A word in single quotes, as a POSIX shell takes it literally. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
