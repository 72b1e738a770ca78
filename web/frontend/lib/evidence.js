// Evidence opens over the page instead of replacing it. The link stays a link: with a modifier key it opens as one.
const dialog = document.createElement("dialog");
dialog.className = "evidence";
dialog.setAttribute("aria-label", document.body.dataset.evidence);
let opener = null;

async function open(link) {
  const address = new URL(link.href);
  address.searchParams.set("fragment", "1");
  address.searchParams.set("lang", document.documentElement.lang); // an address with a language wins over the cookie
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  dialog.innerHTML = await answer.text(); // our own page, and the policy lets no script in it run
  if (!dialog.isConnected) document.body.append(dialog);
  opener = link;
  dialog.showModal();
  dialog.scrollTop = 0;
}

document.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest?.("dialog.evidence [data-close]")) {
    event.preventDefault();
    dialog.close();
    return;
  }
  const link = event.target.closest?.('a.ev, a.mark[href*="/assertion/"]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  open(link).catch(() => location.assign(link.href));
});
dialog.addEventListener("close", () => opener?.focus());
