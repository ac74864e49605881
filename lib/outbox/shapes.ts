/** Something people must hear about. `code` is stable; `subject` tells alerts of one code apart. */
export type Alarm = {
  code: string;
  subject: string;
  severity: "soon" | "danger" | "failed";
  message: string;
};

export type AlertView = Alarm & { id: string; openedAt: string };
