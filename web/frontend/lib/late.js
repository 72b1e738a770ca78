// What is large is fetched when somebody turns to it, so that reading the page costs nothing.

/** Waits for a style sheet and a script of ours; answers with what the script exports. */
export async function fetchLate({ script, style }) {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
  const styled = new Promise((done) => { sheet.onload = sheet.onerror = done; });
  document.head.append(sheet);
  const [module] = await Promise.all([import(script), styled]);
  return module;
}

/** Does something once, when somebody points at, touches or enters a part of the page, or is there already. */
export function onApproach(part, act) {
  // The page is read and entered before its scripts run; what happened until then is not told again.
  if (part.matches(":hover") || part.contains(document.activeElement)) return act();
  const signs = ["pointerenter", "pointerdown", "focusin"];
  const once = () => {
    for (const sign of signs) part.removeEventListener(sign, once);
    act();
  };
  for (const sign of signs) part.addEventListener(sign, once, { passive: true });
}
