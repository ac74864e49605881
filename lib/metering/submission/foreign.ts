/** Why a record is held whose hour another program may have told. */
export const FOREIGN = {
  code: "ForeignMeter",
  message:
    "Its window closed while another program was known to meter the product: it may have told AWS this hour. Release it if nobody did: its units go into the next hour, or are written off if its license has ended. Else write it off.",
};

/** What its release says. */
export const NOT_FOREIGN = {
  code: "NotForeign",
  message: "Released: no other program told AWS this hour.",
};
