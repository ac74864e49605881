import { Brand } from "#components/brand.tsx";
import { AlertBanner } from "#components/seller/alert-banner.tsx";
import { isPauseOfAll } from "#components/seller/alert-words.ts";
import { RestoreNotice } from "#components/seller/restore-notice.tsx";
import { SandboxStrip } from "#components/seller/sandbox-strip.tsx";
import { Burger, SideBar } from "#components/seller/seller-menu.tsx";
import { LiveRefresh } from "#components/ui/live-refresh.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { env } from "#lib/env.ts";
import { signOut } from "../../session-actions.ts";
import { requireAdmin } from "../../signed-in.ts";
import { endHour } from "./actions.ts";
import { hasOpenRefusals } from "./metering/refused/read-refused.ts";
import { openAlerts, openRestore } from "./open-alerts.ts";
import { switchSending } from "./sending-actions.ts";

export const dynamic = "force-dynamic";

export default async function SellerLayout({ children }: { children: React.ReactNode }) {
  const { email } = await requireAdmin();
  const { PORTAL_MODE, SANDBOX_URL } = env();
  const person = { email, signOut };
  const now = await businessNow();
  const [alerts, refused, restore] = await Promise.all([openAlerts(), hasOpenRefusals(now), openRestore()]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      {PORTAL_MODE === "sandbox" && (
        <SandboxStrip now={now.toISOString()} storefront={SANDBOX_URL ?? null} endHour={endHour} />
      )}
      <div className="shell">
        <SideBar person={person} refused={refused} brand={<Brand name="Seller portal" href="/admin" />} />
        <div className="room">
          {restore && <RestoreNotice restore={restore} now={now.toISOString()} resume={switchSending} />}
          {/* What the notice says is not said twice. */}
          <AlertBanner alerts={restore ? alerts.filter((alert) => !isPauseOfAll(alert)) : alerts} />
          <div className="desk">
            <Burger person={person} refused={refused} />
            {children}
          </div>
        </div>
      </div>
      <LiveRefresh everySeconds={5} />
    </>
  );
}
