import "react";

declare module "react" {
  // Parts take their lengths as custom properties, so that the drawing stays in the stylesheet.
  interface CSSProperties {
    "--h"?: string;
    "--used"?: string;
    "--w"?: string;
  }
}
