// What a script adds to the market; every page works without it.

function showCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}
showCopyButtons();

// On a phone the tabs scroll: where we are should be in sight.
const tabs = document.querySelector("header nav");
const current = tabs?.querySelector("[aria-current]");
if (current) tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  navigator.clipboard.writeText(button.dataset.copy).then(
    () => {
      button.classList.add("is-copied");
      setTimeout(() => button.classList.remove("is-copied"), 1500);
    },
    // The browser said no: the whole id still stands in the tooltip.
    () => button.remove(),
  );
});

// Walking a month can take a while: say so, and do not start twice.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    if (event.submitter) event.submitter.textContent = form.dataset.busy;
  });
}

// A page that stands open follows what happens: only the parts that changed, never one that somebody is using.
let seen;
setInterval(() => {
  if (!document.hidden) follow().catch(() => {}); // the market is closed for the moment
}, 2000);

async function follow() {
  const now = await (await fetch("/live")).text();
  if (seen !== undefined && now !== seen) await refresh();
  seen = now;
}

async function refresh() {
  // The shop is asked without what lies on its counter: each view of that issues a token.
  const address = location.pathname === "/" ? "/" : location.href;
  const fresh = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    const isInUse = part.contains(document.activeElement) || part.querySelector("details[open]");
    if (next && !isInUse && hasChanged(part, next)) part.innerHTML = next.innerHTML;
  }
  showCopyButtons();
}

/** Compared as the server sent them: the copy buttons that were shown here do not count. */
function hasChanged(part, next) {
  const plain = (element) => element.innerHTML.replaceAll(' hidden=""', "");
  return plain(part) !== plain(next);
}
