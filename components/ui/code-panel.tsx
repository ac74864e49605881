import { CopyButton } from "./copy-button.tsx";

/** A title with a copy button, then the exact text. Long lines break, so nothing hides beyond an edge. */
export function CodePanel({
  title,
  text,
  what,
  children,
}: {
  title: string;
  text: string;
  what: string;
  children?: React.ReactNode;
}) {
  return (
    <div className="code">
      <div className="code-head">
        {title}
        <CopyButton text={text} what={what} />
      </div>
      <pre>{children ?? text}</pre>
    </div>
  );
}
