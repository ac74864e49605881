// What a script adds to the market; every page works without it.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(button.dataset.copy).then(
      () => {
        button.classList.add("is-copied");
        setTimeout(() => button.classList.remove("is-copied"), 1500);
      },
      // The browser said no: the whole id still stands in the tooltip.
      () => button.remove(),
    );
  });
}

// Walking a month can take a while: say so, and do not start twice.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    if (event.submitter) event.submitter.textContent = form.dataset.busy;
  });
}
