import { problem } from "../../problem.ts";

/** Whatever is no door of the API, by any method. */
const nowhere = () => problem(404, "not_found", "There is no such door. See the README for those there are.");

export { nowhere as DELETE, nowhere as GET, nowhere as PATCH, nowhere as POST, nowhere as PUT };
