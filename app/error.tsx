"use client";

import { ErrorWords } from "#components/error-words.tsx";
import { StandAlone } from "#components/stand-alone.tsx";

export default function PortalError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <StandAlone title="This page could not be made">
      <ErrorWords reference={error.digest} again={retry} />
    </StandAlone>
  );
}
