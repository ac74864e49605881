import type { Metadata } from "next";
import { StandAlone } from "#components/stand-alone.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <StandAlone title="There is nothing at this address">
      <p className="hint">
        It may have been shortened on its way to you, or it names something this portal never had. Nothing is
        lost: go on from one of these.
      </p>
      <div className="go">
        <a className="btn btn-primary btn-lg" href="/admin">
          Overview, for the seller’s team
        </a>
        <a className="btn btn-second btn-lg" href="/account">
          Your account, for buyers
        </a>
      </div>
    </StandAlone>
  );
}
