"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

/** Puts a text on the clipboard and says so for two seconds. Where a browser offers none (no script, no https), it is not shown. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const [usable, setUsable] = useState(false);
  useEffect(() => setUsable("clipboard" in navigator), []);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  if (!usable) return null;
  return (
    <button
      className={`copy ${copied ? "is-copied" : ""}`}
      type="button"
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => setUsable(false),
        );
      }}
    >
      {copied ? <Check className="i" /> : <Copy className="i" />}
    </button>
  );
}
