import { shortId, shortLicenseArn } from "#components/format/identifier.ts";
import { CopyButton } from "./copy-button.tsx";

/** An id: mono, shortened in the middle, whole on hover, with its copy button. */
export function Identifier({ id, what }: { id: string; what: string }) {
  return (
    <span className="id">
      <span className="trunc" title={id}>
        {id.startsWith("arn:") ? shortLicenseArn(id) : shortId(id)}
      </span>
      <CopyButton text={id} what={what} />
    </span>
  );
}
